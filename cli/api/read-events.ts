/** One server-sent event. */
export interface ServerEvent {
  /** Empty: the event has no name. */
  readonly name: string
  readonly data: string
}

/** A longer one ends the reading: no api of ours sends it. */
const maxEventChars = 32 * 1024 ** 2

function toEvent(block: string): ServerEvent | undefined {
  let name = ''
  const data: string[] = []
  for (const line of block.split('\n')) {
    const value = /^(event|data): ?(.*)$/s.exec(line)
    if (value?.[1] === 'event') name = value[2] ?? ''
    else if (value?.[1] === 'data') data.push(value[2] ?? '')
  }
  return data.length === 0 ? undefined : { name, data: data.join('\n') }
}

/** The events of an answer as they come, until it ends: https://html.spec.whatwg.org/multipage/server-sent-events.html, with line feeds alone, as our api writes them. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let waiting = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    waiting += text
    const blocks = waiting.split('\n\n')
    waiting = blocks.pop() ?? ''
    if (waiting.length > maxEventChars) throw new Error('the api sent an event without an end')
    for (const block of blocks) {
      const event = toEvent(block)
      if (event !== undefined) yield event
    }
  }
}
