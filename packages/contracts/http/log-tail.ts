import { z } from 'zod'

/** `GET /api/v1/logs/tail?q=`: server-sent events, oldest first, for as long as the client listens.
 *  A new record is an unnamed event: its data is a hit as Elasticsearch gives it, its id `<epoch ms>-<_id>`, which `Last-Event-ID` resumes after.
 *  `skipped`: more records came than are sent. `problem` with `{reason}`: the store cannot be asked; the stream goes on by itself. */
export const logTailQuerySchema = z.strictObject({
  /** Lucene query string; absent or empty: every record. */
  q: z.string().max(4096).optional(),
})
