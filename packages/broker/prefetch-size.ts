export interface PrefetchLimits {
  readonly maxMessages: number
  readonly maxBytes: number
}

/** How many messages to hold at once, so that they are about `maxBytes` at the size messages have been lately. AMQP itself counts messages only. */
export interface PrefetchSize {
  readonly messages: number
  /** Learns from one message; true when `messages` has changed. */
  observe(bytes: number): boolean
}

/** What a message is taken to have before the first ones are seen. */
const assumedBytes = 1024 ** 2
/** The last this many messages decide. */
const memory = 32

export function createPrefetchSize({ maxMessages, maxBytes }: PrefetchLimits): PrefetchSize {
  let mean = assumedBytes
  const wanted = () => Math.max(1, Math.min(maxMessages, Math.floor(maxBytes / mean)))
  let messages = wanted()
  return {
    get messages() {
      return messages
    },
    observe: (bytes) => {
      mean += (bytes - mean) / memory
      const next = wanted()
      // A change means subscribing anew, so small ones are let go.
      const isFar = next >= messages * 2 || next * 2 <= messages
      const isLast = next === maxMessages && messages !== maxMessages
      if (!isFar && !isLast) return false
      messages = next
      return true
    },
  }
}
