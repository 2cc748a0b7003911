import { z } from 'zod'
import { tenantSchema } from '../names.ts'

const windowSchema = z.strictObject({
  seconds: z.int().min(1).max(86_400),
  most: z.int().min(1).max(1_000_000_000_000).describe('Requests or units of cost'),
})
const windows = z.array(windowSchema).max(4)

const ratesSchema = z.strictObject({
  requests: windows.optional().describe('Queries, each search of a body for itself'),
  cost: windows.optional().describe('Units of cost; what the cache answers is given back'),
})

const ruleText = z.string().min(1).max(1000)

const blockedSchema = z
  .strictObject({
    name: z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, . _ - ; at most 64'),
    text: ruleText.optional().describe('Stands in the query as it is printed for the store'),
    pattern: ruleText.optional().describe('RE2, found in that text'),
    dashboard: z.string().min(1).max(128).optional().describe('`X-Dashboard-Uid`'),
    user: z.string().min(1).max(128).optional().describe('`X-Grafana-User`, or a user of Warren'),
    reason: z.string().max(500).optional().describe('Shown in the panel'),
  })
  .refine(
    ({ text, pattern, dashboard, user }) =>
      [text, pattern, dashboard, user].some((part) => part !== undefined),
    'says what it blocks: text, pattern, dashboard or user',
  )

/** What may be asked of the stores through the gateway. What is absent is as the defaults say. */
export const newLimitsSchema = z.strictObject({
  tenant: ratesSchema.optional().describe('Of the whole tenant'),
  user: ratesSchema.optional().describe('Of each user that Grafana names, and of users of Warren'),
  token: ratesSchema.optional().describe('Of each token'),
  metrics: ratesSchema.optional().describe('Of the tenant at the metric store'),
  logs: ratesSchema.optional().describe('Of the tenant at the log store'),
  maxCost: z.number().min(1).optional().describe('Of one query, in units of cost'),
  clamp: z
    .boolean()
    .optional()
    .describe(
      'A metric query that would cost more is answered over the newest part of its range, with a warning in `messages`, instead of refused',
    ),
  blocked: z.array(blockedSchema).max(50).optional().describe('Queries that are refused'),
})

export const limitsSchema = z.strictObject({
  /** Of one tenant; absent: the defaults. */
  tenant: tenantSchema.optional(),
  own: newLimitsSchema.describe('What is set here'),
  effective: newLimitsSchema.describe('What holds: with the defaults, and with what is built in'),
})

export type LimitWindow = z.infer<typeof windowSchema>
export type Rates = z.infer<typeof ratesSchema>
export type BlockedRule = z.infer<typeof blockedSchema>
export type NewLimits = z.infer<typeof newLimitsSchema>
export type LimitsBody = z.infer<typeof limitsSchema>

/** Scopes of rates. */
export const limitScopes = ['tenant', 'user', 'token', 'metrics', 'logs'] as const

/** Far above what dashboards ask: what keeps the stores answering is that queries take turns. */
export const builtInLimits = {
  tenant: {
    requests: [{ seconds: 10, most: 60_000 }],
    cost: [{ seconds: 60, most: 2_000_000 }],
  },
  user: {},
  token: {},
  metrics: {},
  logs: {},
  maxCost: 50_000,
  clamp: false,
  blocked: [],
} as const satisfies NewLimits
