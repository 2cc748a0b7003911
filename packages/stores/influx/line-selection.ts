import type { LineBatch } from '../write-outcome.ts'

/** Some lines of one batch, by position. */
export interface LineSelection {
  readonly indexes: readonly number[]
  /** Sent before with an answer that named no line. */
  readonly sentBefore: boolean
}

const decoder = new TextDecoder()

export function allLines({ starts }: LineBatch): LineSelection {
  return {
    indexes: Array.from({ length: starts.length - 1 }, (_, index) => index),
    sentBefore: false,
  }
}

/** The line without its LF. */
export function lineText({ bytes, starts }: LineBatch, index: number): string {
  const end = (starts[index + 1] ?? bytes.length) - 1
  return decoder.decode(bytes.subarray(starts[index], end))
}

/** What a request carries. */
export function requestBytes({ bytes, starts }: LineBatch, { indexes }: LineSelection): Uint8Array {
  if (indexes.length === starts.length - 1) return bytes
  return Buffer.concat(indexes.map((index) => bytes.subarray(starts[index], starts[index + 1])))
}

export function halves({ indexes }: LineSelection): readonly LineSelection[] {
  const middle = indexes.length >> 1
  return [indexes.slice(0, middle), indexes.slice(middle)].map((half) => ({
    indexes: half,
    sentBefore: false,
  }))
}
