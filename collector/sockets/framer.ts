/** One message of a stream; `isCut` when it was longer than allowed and this is its start. The bytes are valid during the call. */
export type OnFrame = (bytes: Buffer, isCut: boolean) => void

/** Cuts the bytes of one connection to messages. Holds no more than one message of the allowed length. */
export interface Framer {
  /** Gives each message that is whole now; of one that is too long its start, once. */
  push(chunk: Buffer, onFrame: OnFrame): void
  /** The sender has ended the stream: what stands without its end is a message too. */
  end(onFrame: OnFrame): void
  /** Bytes of a message whose end has not come. */
  readonly heldBytes: number
}
