import { freeBytes } from '@warren/platform/free-bytes'

/** Frees the columns of a batch that came with a call once the work on it has ended: left to the collector, a few batches of MBs are enough for V8 to mark the thread's whole heap. */
export async function freeAfter<Result>(batch: object, work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } finally {
    for (const column of Object.values(batch)) if (ArrayBuffer.isView(column)) freeBytes(column)
  }
}
