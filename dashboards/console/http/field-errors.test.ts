import { expect, it } from 'vitest'
import { ApiError } from './client.ts'
import { toFieldErrors } from './field-errors.ts'

const refusal = (...errors: { pointer: string; detail: string }[]): ApiError => {
  const detail = errors.map(({ pointer, detail: text }) => `${pointer}: ${text}`).join('; ')
  const about = { type: 'x', title: 'Invalid', code: 'invalid_body', requestId: 'r' }
  return new ApiError(400, detail, { ...about, status: 400, detail, errors })
}

it('puts what is said of a member to its field, without the pointer', () => {
  const error = refusal(
    { pointer: '/name', detail: 'lower-case letters' },
    { pointer: '/deployments/0', detail: 'at most 63' },
    { pointer: '/deployments/1', detail: 'at most 63' },
  )
  expect(toFieldErrors(error, ['name', 'deployments'])).toEqual({
    at: { name: 'lower-case letters', deployments: 'at most 63' },
    rest: undefined,
  })
})

it('keeps what is about no field', () => {
  const error = refusal(
    { pointer: '/name', detail: 'lower-case letters' },
    { pointer: '/kind', detail: 'unknown' },
  )
  expect(toFieldErrors(error, ['name'])).toEqual({
    at: { name: 'lower-case letters' },
    rest: '/name: lower-case letters; /kind: unknown',
  })
  expect(toFieldErrors(new ApiError(409, 'a sender exists'), ['name'])).toEqual({
    at: {},
    rest: 'a sender exists',
  })
  expect(toFieldErrors(null, ['name'])).toEqual({ at: {}, rest: undefined })
})
