import { type Health, type Status, statusSchema } from '@warren/contracts/http/status'
import { defineRoute, type Route } from '../http/route.ts'

export interface StatusRouteOptions {
  readonly version: string
  readonly parts: () => readonly Health[]
}

/** Reasons may name addresses: who cannot be asked for a name gets the states alone. */
const withoutReasons = (parts: readonly Health[]): readonly Health[] =>
  parts.map((part) => ({
    ...part,
    reason: part.reason === null ? null : 'the catalog is away: reasons are for who is signed in',
  }))

/** Waits for nothing: it answers with every store and the broker down. */
export const statusRoute = ({ version, parts }: StatusRouteOptions): Route =>
  defineRoute({
    method: 'get',
    path: '/api/v1/status',
    tag: 'Status',
    summary: 'Every part of this installation, with the reason where it is not green',
    roles: 'known',
    success: { status: 200, schema: statusSchema },
    answer: async ({ principal }) => {
      const shown = principal === undefined ? withoutReasons(parts()) : parts()
      return { status: 200, json: { version, parts: [...shown] } satisfies Status }
    },
  })
