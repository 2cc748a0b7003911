import type { Batch } from './batch.ts'
import { type RecordOrigin, toRecord } from './record.ts'
import { takeLines } from './take-lines.ts'
import { prepareRead, type TrackedFile } from './tracked-file.ts'

export interface Reader {
  /** Takes one turn of lines into the batch; true when the file may have more at once. */
  read(file: TrackedFile, batch: Batch): Promise<boolean>
}

/** A turn's bytes: small, so that a file with much to tell does not keep the others waiting. */
const turnBytes = 64 * 1024
/** A file without a name is done when it was quiet for this long: its writer may take a while to open the new one. */
const lingerMs = 10_000

const isOver = (file: TrackedFile, nowMs: number): boolean =>
  file.detachedMs !== undefined && nowMs - Math.max(file.detachedMs, file.seen.mtimeMs) > lingerMs

/** One buffer for all files: nothing is kept of a line that is not complete but where it starts. */
export function createReader(origin: RecordOrigin, maxLineBytes: number): Reader {
  const buffer = Buffer.allocUnsafe(maxLineBytes + turnBytes)

  const fill = async (file: TrackedFile, length: number): Promise<Buffer> => {
    const { bytesRead } = await file.handle.read(buffer, 0, length, file.offset)
    return buffer.subarray(0, bytesRead)
  }

  const take = (file: TrackedFile, bytes: Buffer, batch: Batch): number => {
    const { dataset, service } = file.tail
    const source = { path: file.path, generation: file.generation, dataset, service }
    const ended = isOver(file, Date.now()) && file.offset + bytes.length >= file.seen.size
    const { offset, skipping } = file
    const taken = takeLines(bytes, {
      ...{ offset, skipping, maxLineBytes, ended },
      take: (line) => batch.add(toRecord(line, source, origin)),
    })
    file.offset += taken.consumed
    file.skipping = taken.skipping
    return taken.consumed
  }

  return {
    read: async (file, batch) => {
      const changed = await prepareRead(file)
      const over = isOver(file, Date.now())
      if (!changed && file.offset >= file.seen.size) {
        file.done = over
        return false
      }
      if (!changed && !over && file.waiting) return false
      let consumed = take(file, await fill(file, turnBytes), batch)
      // A line that is longer than a turn.
      if (consumed === 0 && file.offset + turnBytes < file.seen.size)
        consumed = take(file, await fill(file, buffer.length), batch)
      file.waiting = consumed === 0
      batch.mark(file)
      return consumed > 0 && file.offset < file.seen.size
    },
  }
}
