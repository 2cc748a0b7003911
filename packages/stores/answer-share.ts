/** What one answer takes of the memory that all answers have together, from before it is read until it has been sent. */
export interface AnswerShare {
  /** Bytes more. Undefined: it has them. Else it resolves when it is its turn, and rejects with the reason when that never comes. */
  take(bytes: number): Promise<void> | undefined
}

/** Rows and texts made of an answer's JSON take about so many times its bytes, beside them. */
const parsedTimes = 6

/** Before an answer of so many bytes is parsed. */
export const takeParsed = (
  share: AnswerShare | undefined,
  bytes: number,
): Promise<void> | undefined => share?.take(parsedTimes * bytes)
