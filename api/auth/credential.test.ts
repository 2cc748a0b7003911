import { expect, it } from 'vitest'
import { parseAuthorization } from './credential.ts'

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`
const apiKey = (pair: string): string => `ApiKey ${Buffer.from(pair).toString('base64')}`
const token = { kind: 'token', secret: 'wrn_x' }
const password = { kind: 'password', user: 'ann', password: 'a:b' }
const unreadable = { kind: 'unreadable' }

it.each([
  [undefined, undefined],
  ['Bearer wrn_x', token],
  ['bearer  wrn_x', token],
  ['Token wrn_x', token],
  ['Token ann:a:b', password],
  ['Token ann:wrn_x', token],
  [basic('ann:a:b'), password],
  [basic('anyone:wrn_x'), token],
  [basic('pässword:ä'), { kind: 'password', user: 'pässword', password: 'ä' }],
  [basic('no colon'), unreadable],
  ['Token nonsense', { kind: 'token', secret: 'nonsense' }],
  [apiKey('any:wrn_x'), token],
  ['ApiKey wrn_x', token],
  ['ApiKey abc', unreadable],
  ['Bearer', unreadable],
  ['', unreadable],
])('reads %s', (header, credential) => {
  expect(parseAuthorization(header)).toEqual(credential)
})
