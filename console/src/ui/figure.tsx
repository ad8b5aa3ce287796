// A figure of the node as a whole. It comes from one metric of the feed and says in its attributes
// which, and how it was made of its samples, so that anybody can hold it against /metrics.
import type { Labels } from '../api/types';
import { count, duration, percent, perSecond } from '../lib/format';
import { buckets, quantile, sum } from '../lib/samples';
import { rate, samples, type KeptMetric } from '../state/figures';

interface Common {
  labels?: Labels;
  class?: string;
}

type Made =
  | { metric: string; how?: 'sum' }
  | { metric: KeptMetric; how: 'rate' | 'share' }
  | { metric: string; how: 'quantile'; q: number };

function shown({ labels = {}, ...made }: Common & Made): string {
  if (made.how === 'rate') return perSecond(rate(made.metric, labels));
  if (made.how === 'share') return percent(rate(made.metric, labels));
  if (made.how === 'quantile') {
    const seconds = quantile(made.q, buckets(samples.value, made.metric, labels));
    return duration(seconds === null ? null : seconds * 1000);
  }
  return count(sum(samples.value, made.metric, labels));
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
