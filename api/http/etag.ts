import type { Request, Response } from 'express'
import { Refusal } from './refusal.ts'

export const setEtag = (response: Response, version: number): void =>
  void response.set('ETag', `"${version}"`)

/** The version that `If-Match` names. Throws a `Refusal` without one, and `changed` for one that no version of ours can be. */
export function ifMatchOf(request: Request): number {
  const given = request.get('if-match')
  if (given === undefined)
    throw new Refusal('if_match_needed', 'the header If-Match is missing: send the ETag')
  const [, version] = /^"(\d{1,9})"$/.exec(given) ?? []
  if (version === undefined) throw new Refusal('changed', 'If-Match is not an ETag of this')
  return Number(version)
}
