import { z } from 'zod'

/** As much of `ExportTraceServiceRequest` as counting takes. */
export const traceRequestSchema = z.object({
  resourceSpans: z
    .array(
      z.object({
        scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).optional() })).optional(),
      }),
    )
    .optional(),
})

export const countSpans = ({ resourceSpans = [] }: z.infer<typeof traceRequestSchema>): number =>
  resourceSpans
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .reduce((sum, { spans = [] }) => sum + spans.length, 0)
