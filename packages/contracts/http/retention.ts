import { z } from 'zod'
import { tenantSchema } from '../names.ts'

/** A hundred years. */
const maxDays = 36_500
const days = z.int().min(1).max(maxDays)

/** `PUT /api/v1/retention`: what is older goes, in the steps of the store. */
export const newRetentionSchema = z.strictObject({
  metricsDays: days.describe('Whole days that metrics are kept'),
  logsDays: days.describe('Whole days that log records are kept'),
})

/** Of another tenant: admins. */
export const retentionQuerySchema = z.strictObject({ tenant: tenantSchema.optional() })

export const retentionSchema = newRetentionSchema.extend({ tenant: tenantSchema })

export type RetentionBody = z.infer<typeof retentionSchema>
