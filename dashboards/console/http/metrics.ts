import { z } from 'zod'
import { ApiError, send } from './client.ts'

const seriesSchema = z.object({
  name: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  columns: z.array(z.string()),
  values: z.array(z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]))),
})

const answerSchema = z.object({
  results: z.array(
    z.object({ error: z.string().optional(), series: z.array(seriesSchema).optional() }),
  ),
})

export type MetricSeries = z.infer<typeof seriesSchema>

/** Asks the gateway in InfluxQL; times come back in milliseconds. Returns the series of each statement. */
export async function queryMetrics(text: string, signal?: AbortSignal): Promise<MetricSeries[][]> {
  const response = await send('gateway/influxdb/query?db=warren&epoch=ms', {
    method: 'POST',
    body: new URLSearchParams({ q: text }),
    signal,
  })
  const { results } = answerSchema.parse(await response.json())
  return results.map(({ error, series }) => {
    if (error !== undefined) throw new ApiError(200, error)
    return series ?? []
  })
}

/** An identifier in InfluxQL. */
export const identifier = (name: string): string =>
  `"${name.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`

/** A string in InfluxQL. */
export const literal = (text: string): string =>
  `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`
