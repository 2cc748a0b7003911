import { deadLetterListSchema, deadLetterQuerySchema } from '@warren/contracts/http/dead-letters'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { atLeast } from '../auth/principal.ts'
import { linkNext } from '../http/link-next.ts'
import { defineRoute, type Route } from '../http/route.ts'

export const deadLettersRoute = (catalog: Catalog): Route =>
  defineRoute({
    method: 'get',
    path: '/api/v1/dead-letters',
    tag: 'Dead letters',
    summary: 'Items that could not be stored, with the reason, newest first',
    roles: atLeast('operator'),
    query: deadLetterQuerySchema,
    success: { status: 200, schema: deadLetterListSchema },
    answer: async ({ principal, query, response }) => {
      const { limit, cursor, stream, code } = query
      const filter = {
        tenant: principal.tenant,
        ...(stream === undefined ? {} : { stream }),
        ...(code === undefined ? {} : { code }),
      }
      const [page, total] = await Promise.all([
        catalog.deadLetters.list(filter, { limit, cursor }),
        catalog.deadLetters.count(principal.tenant),
      ])
      linkNext(response, page.nextCursor)
      return { status: 200, json: { ...page, total } }
    },
  })
