import { parseTemplates } from '@warren/graphite/templates'
import { reasonOf } from '@warren/platform/errors'
import { z } from 'zod'

const maxTemplates = 1_000

/** Telegraf's templates for dotted names, refused with the first that is wrong. */
export const templatesSchema = z
  .array(z.string().max(512))
  .max(maxTemplates)
  .default([])
  .superRefine((templates, context) => {
    try {
      parseTemplates(templates)
    } catch (error) {
      context.addIssue({ code: 'custom', message: reasonOf(error) })
    }
  })
