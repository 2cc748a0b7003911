import { tenantSchema } from '@warren/contracts/names'
import { secretSchema } from '@warren/platform/secret'
import { z } from 'zod'

export const influx2Settings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  token: secretSchema,
  org: z.string().min(1),
  readTokens: z
    .record(tenantSchema, secretSchema)
    .default({})
    .describe(
      'By tenant, a token that may read its bucket `warren_<tenant>` and nothing else; a tenant without one is not answered',
    ),
  gzip: z.boolean().default(true),
  writeTimeoutMs: z.int().min(100).default(30_000),
  queryTimeoutMs: z.int().min(100).default(120_000),
})

export type Influx2Settings = z.infer<typeof influx2Settings>
