import { metricMetadataSchema } from '@warren/contracts/metric-metadata'
import { parseTemplates } from '@warren/graphite/templates'
import { reasonOf } from '@warren/platform/errors'
import { z } from 'zod'
import { patternNames } from '../redaction/patterns.ts'
import { compilePattern, maxPatternChars } from './pattern.ts'

const maxRules = 100
const maxNames = 100
const maxOwnPatterns = 20

const nameSchema = z.string().min(1).max(255)
const globsSchema = z.array(nameSchema).min(1).max(maxNames)
const listOf = <Rule extends z.ZodType>(rule: Rule) => z.array(rule).max(maxRules).default([])

/** Who a rule is for: everybody, unless said. */
const senders = {
  tenants: globsSchema.optional().describe('Tenants; `*` stands for any letters. All unless set'),
  deployments: globsSchema
    .optional()
    .describe('Deployments, likewise. All, and what belongs to none, unless set'),
}

const measurements = globsSchema.optional().describe('Measurements, likewise. All unless set')
const newName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.:/ -]{0,254}$/, 'letters, digits and _ . : / -, a letter first')

/** Tags and attributes that only the routing key gives. */
const stamped = new Set(['tenant', 'deployment'])
const ownName = newName.refine((name) => !stamped.has(name), {
  message: 'tenant and deployment come from the routing key alone',
})

const names = (what: string, target: z.ZodType<string>) => ({
  deny: globsSchema.optional().describe(`${what} to leave out`),
  allow: globsSchema.optional().describe(`The only ${what.toLowerCase()} to keep`),
  rename: z
    .record(nameSchema, target)
    .refine((pairs) => Object.keys(pairs).length <= maxNames, `at most ${maxNames} names`)
    .optional()
    .describe('New names by old ones'),
})

const says = (...keys: readonly string[]) =>
  [
    (rule: Readonly<Record<string, unknown>>) => keys.some((key) => rule[key] !== undefined),
    { message: `expected one of ${keys.join(', ')}` },
  ] as const

const templatesSchema = z
  .strictObject({
    ...senders,
    measurements: globsSchema.default(['*.*']).describe('Measurements to read as dotted names'),
    templates: z.array(z.string().max(512)).min(1).max(maxNames).describe("Telegraf's templates"),
    joiner: z.string().min(1).max(8).default('.').describe('Between words of one meaning'),
  })
  .superRefine(({ templates, joiner }, context) => {
    try {
      parseTemplates(templates, { joiner })
    } catch (error) {
      context.addIssue({ code: 'custom', path: ['templates'], message: reasonOf(error) })
    }
  })

const patternSchema = z
  .string()
  .min(1)
  .max(maxPatternChars)
  .superRefine((text, context) => {
    try {
      const pattern = compilePattern(text)
      if (pattern.matcher('').find())
        context.addIssue({ code: 'custom', message: 'matches nothing at all, so everywhere' })
    } catch (error) {
      context.addIssue({ code: 'custom', message: `not RE2: ${reasonOf(error)}` })
    }
  })

const days = 86_400_000
const span = z
  .int()
  .min(0)
  .max(36_500 * days)

/** The rules of the pipeline: plain data, the same in every thread. */
export const rulesSchema = z.strictObject({
  templates: listOf(templatesSchema),
  measurements: listOf(
    z
      .strictObject({ ...senders, ...names('Measurements', newName) })
      .refine(...says('deny', 'allow', 'rename')),
  ),
  tags: listOf(
    z
      .strictObject({ ...senders, measurements, ...names('Tags', ownName) })
      .refine(...says('deny', 'allow', 'rename')),
  ),
  integers: listOf(z.strictObject({ ...senders, measurements: globsSchema })),
  metadata: z
    .array(metricMetadataSchema.extend({ tenants: senders.tenants }).strict())
    .max(10_000)
    .default([]),
  timestamps: listOf(
    z
      .strictObject({
        ...senders,
        maxAheadMs: span.optional(),
        maxBehindMs: span.optional(),
      })
      .refine(...says('maxAheadMs', 'maxBehindMs')),
  ),
  series: z
    .strictObject({
      limit: z.int().min(1).max(10_000_000).default(1_000_000),
      tenants: z.record(nameSchema, z.int().min(1).max(10_000_000)).default({}),
      forgetAfterDays: z.int().min(1).max(60).default(7),
    })
    .prefault({}),
  logs: listOf(
    z
      .strictObject({
        ...senders,
        datasets: globsSchema.optional(),
        services: globsSchema.optional(),
        drop: z.literal(true).optional().describe('Leaves these records out'),
        ...names('Attributes', ownName),
        add: z
          .record(newName, z.union([z.string().max(1024), z.number(), z.boolean()]))
          .refine((fields) => Object.keys(fields).length <= maxNames, `at most ${maxNames} fields`)
          .optional()
          .describe('Attributes to set where a record has none of that name'),
      })
      .refine(...says('drop', 'deny', 'allow', 'rename', 'add')),
  ),
  redaction: z
    .strictObject({
      builtIn: z.array(z.enum(patternNames)).default([...patternNames]),
      own: z
        .array(
          z.strictObject({
            ...senders,
            name: nameSchema,
            pattern: patternSchema,
            replacement: z.string().max(64).default('***'),
          }),
        )
        .max(maxOwnPatterns)
        .default([]),
    })
    .prefault({}),
})

export type Rules = z.output<typeof rulesSchema>

export const defaultRules: Rules = rulesSchema.parse({})
