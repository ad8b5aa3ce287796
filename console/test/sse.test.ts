import { describe, expect, it } from 'vitest';
import { EventParser } from '../src/api/sse';

describe('a stream of events', () => {
  it('gives each event when its empty line comes', () => {
    const parser = new EventParser();
    expect(parser.push('event: figures\ndata: {"a":1}\n')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ event: 'figures', data: '{"a":1}' }]);
  });

  it('may be cut anywhere', () => {
    const whole = 'event: restart\r\ndata: {"n":1}\r\n\r\nevent: action\ndata: x\n\n';
    const parser = new EventParser();
    const events = [...whole].flatMap((letter) => parser.push(letter));
    expect(events).toEqual([
      { event: 'restart', data: '{"n":1}' },
      { event: 'action', data: 'x' },
    ]);
  });

  it('joins the lines of data', () => {
    expect(new EventParser().push('data: a\ndata:b\n\n')).toEqual([
      { event: 'message', data: 'a\nb' },
    ]);
  });

  it('may say nothing but that it is alive', () => {
    expect(new EventParser().push(': alive\n\nevent: figures\n\n')).toEqual([]);
  });

  it('does not carry a name over to the next event', () => {
    const parser = new EventParser();
    parser.push('event: restart\n\n');
    expect(parser.push('data: x\n\n')).toEqual([{ event: 'message', data: 'x' }]);
  });
});
