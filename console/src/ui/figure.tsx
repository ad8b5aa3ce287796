// A figure of the node as a whole. It comes from one metric of the feed and says in its attributes
// which, and how it was made of its samples, so that anybody can hold it against /metrics.
import type { Labels } from '../api/types';
import { count, duration, perSecond } from '../lib/format';
import { buckets, quantile, sum } from '../lib/samples';
import { rate, samples } from '../state/figures';

interface Common {
  metric: string;
  labels?: Labels;
  class?: string;
}

type Made =
  | { how?: 'sum' | 'value'; format?: (n: number | null) => string }
  | { how: 'rate'; format?: (n: number | null) => string }
  | { how: 'quantile'; q: number; format?: (ms: number | null) => string };

function shown(props: Common & Made): string {
  const { metric, labels = {} } = props;
  if (props.how === 'rate') return (props.format ?? perSecond)(rate(metric, labels));
  if (props.how === 'quantile') {
    const seconds = quantile(props.q, buckets(samples.value, metric, labels));
    return (props.format ?? duration)(seconds === null ? null : seconds * 1000);
  }
  return (props.format ?? count)(sum(samples.value, metric, labels));
}

export function Figure(props: Common & Made) {
  return (
    <span
      class={`num ${props.class ?? ''}`}
      data-metric={props.metric}
      data-how={props.how ?? 'sum'}
      data-labels={JSON.stringify(props.labels ?? {})}
      {...(props.how === 'quantile' ? { 'data-q': props.q } : {})}
    >
      {shown(props)}
    </span>
  );
}
