import { roles } from '@warren/contracts/http/sessions'
import { expect, it } from 'vitest'
import { atLeast, mayGrant } from './principal.ts'

it('lets a role do what the lower ones may, and leaves the writer out', () => {
  expect(atLeast('viewer')).toEqual(['viewer', 'operator', 'editor', 'manager', 'admin'])
  expect(atLeast('admin')).toEqual(['admin'])
})

it('lets nobody hand out more than they have', () => {
  const granted = (role: (typeof roles)[number]) => roles.filter((other) => mayGrant(role, other))
  expect(granted('writer')).toEqual([])
  expect(granted('viewer')).toEqual(['viewer'])
  expect(granted('editor')).toEqual(['viewer', 'operator', 'editor'])
  expect(granted('manager')).toEqual(['viewer', 'operator', 'editor', 'manager', 'writer'])
  expect(granted('admin')).toEqual([...roles])
})
