// Reads a stream of server-sent events. Pure: bytes come in as text, in whatever pieces the
// network makes of them, and whole events come out. The browser's EventSource would do, but it
// cannot send the Authorization header.

export interface ServerEvent {
  event: string;
  data: string;
}

/** One stream's state; a new stream needs a new one. */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];

  /** The events that `text` completes. */
  push(text: string): ServerEvent[] {
    const done: ServerEvent[] = [];
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.take(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (event) done.push(event);
    }
    return done;
  }

  private take(line: string): ServerEvent | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    if (colon === 0) return null; // a comment: the server's sign of life
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    if (field === 'data') this.data.push(value);
    return null;
  }

  private dispatch(): ServerEvent | null {
    const event = { event: this.event || 'message', data: this.data.join('\n') };
    const complete = this.data.length > 0;
    this.event = '';
    this.data = [];
    return complete ? event : null;
  }
}
