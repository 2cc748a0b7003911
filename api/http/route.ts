import type { Role } from '@warren/contracts/http/sessions'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Principal } from '../auth/principal.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

export interface Call<Query, Body, Who> {
  readonly principal: Who
  readonly query: Query
  readonly body: Body
  readonly params: Readonly<Record<string, string>>
  readonly request: Request
  readonly response: Response
}

export interface Answer {
  readonly status: number
  /** Absent: no body. */
  readonly json?: unknown
}

interface Described {
  readonly method: Method
  /** Below the base path, with `:name` parameters. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** Of a JSON body that is larger than most. */
  readonly maxBodyBytes?: number
  /** It gives a caller with grants of deployments nothing of other deployments. Absent: such a caller is refused. */
  readonly limitsToGrants?: true
  /** What it answers when all is well; absent: no body. */
  readonly success: {
    readonly status: number
    readonly schema?: z.ZodType
    readonly mediaType?: string
  }
}

type Schemas = { readonly query?: z.ZodObject | undefined; readonly body?: z.ZodType | undefined }

/** `anyone` needs no credential; `known` needs one, but runs without a principal while the catalog cannot say whose it is. */
export type Audience = readonly Role[] | 'anyone' | 'known'

export interface Route extends Described, Schemas {
  readonly roles: Audience
  /** Undefined: the handler has answered by itself. */
  readonly answer: (call: Call<never, never, never>) => Promise<Answer | undefined>
}

type WhoOf<Roles extends Audience> = Roles extends 'anyone' | 'known'
  ? Principal | undefined
  : Principal

/** Checks one entry of the route table: the schemas type what its `answer` gets. */
export function defineRoute<
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
  const Roles extends Audience = Audience,
>(
  route: Described & {
    readonly query?: Query
    readonly body?: Body
    readonly roles: Roles
    readonly answer: (
      call: Call<Output<Query>, Output<Body>, WhoOf<Roles>>,
    ) => Promise<Answer | undefined>
  },
): Route {
  return route
}
