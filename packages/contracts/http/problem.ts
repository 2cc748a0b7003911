import { z } from 'zod'

/** RFC 9457, `application/problem+json`. */
export const problemSchema = z.object({
  /** A page of the served documentation. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
})

export type Problem = z.infer<typeof problemSchema>
