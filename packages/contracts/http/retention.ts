import { z } from 'zod'
import { tenantSchema } from '../names.ts'

/** A hundred years. */
export const maxRetentionDays = 36_500
const days = z.int().min(1).max(maxRetentionDays)

const kept = {
  metricsDays: days.describe('Whole days that metrics are kept as they came'),
  metrics5mDays: days.describe(
    'Whole days that rollups to 5 minutes are kept; never less than metricsDays',
  ),
  metrics1hDays: days.describe(
    'Whole days that rollups to 1 hour are kept; never less than metricsDays',
  ),
  logsDays: days.describe('Whole days that log records are kept'),
}

/** `PUT /api/v1/retention`: what is older goes, in the steps of the store. What is kept of rollups stays as it is when it is not said. */
export const newRetentionSchema = z.strictObject({
  ...kept,
  metrics5mDays: kept.metrics5mDays.optional(),
  metrics1hDays: kept.metrics1hDays.optional(),
})

/** Of another tenant: admins. */
export const retentionQuerySchema = z.strictObject({ tenant: tenantSchema.optional() })

export const retentionSchema = z.strictObject({ tenant: tenantSchema, ...kept })

export type RetentionBody = z.infer<typeof retentionSchema>
