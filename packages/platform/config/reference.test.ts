import { expect, it } from 'vitest'
import { z } from 'zod'
import { secretSchema } from '../secret.ts'
import { toEditorSchema, toReference } from './reference.ts'

const schema = z.strictObject({
  url: secretSchema.describe('Where it is'),
  store: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('near'), threads: z.int().min(1).max(4).default(2) }),
      z.strictObject({ type: z.literal('far'), url: z.url(), token: secretSchema.optional() }),
    ])
    .prefault({ type: 'near' }),
  folder: z.string().default('/home/somebody').meta({ defaultText: 'the home folder' }),
  parts: z.record(z.string(), z.url()).default({}).describe('Others | by name'),
  tail: z.array(z.strictObject({ paths: z.array(z.string()) })).default([]),
})

it('has a row for each setting, alternatives by name, and what is required', () => {
  expect(toReference(schema).split('\n').slice(2)).toEqual([
    '| `url` | `WARREN_URL` | secret | required | Where it is |',
    '| `store.type` | `WARREN_STORE__TYPE` | `"near"` or `"far"` | `"near"` |  |',
    '| `store.threads` | `WARREN_STORE__THREADS` | integer 1 to 4 | `2` | (`near`) |',
    '| `store.url` | `WARREN_STORE__URL` | string | required | (`far`) |',
    '| `store.token` | `WARREN_STORE__TOKEN` | secret |  | (`far`) |',
    '| `folder` | `WARREN_FOLDER` | string | the home folder |  |',
    '| `parts.name` | `WARREN_PARTS__NAME` | string |  | Others \\| by name |',
    '| `tail` | `WARREN_TAIL` | list of objects | `[]` |  |',
    '| `tail[].paths` |  | list of strings | required |  |',
  ])
})

it('tells editors nothing that is true of one machine only', () => {
  const text = JSON.stringify(toEditorSchema(schema))
  expect(text).not.toMatch(/somebody|defaultText|"secret"/)
  expect(text).toContain('"writeOnly":true')
})
