import { expect, it } from 'vitest'
import { endpointOf } from './endpoint.ts'
import { parsePath } from './path.ts'

const find = (method: string, path: string) => endpointOf(method, parsePath(path))

it.each([
  ['GET', '/', { name: 'info', index: undefined }],
  ['HEAD', '', { name: 'info', index: undefined }],
  ['GET', '/_cluster/health', { name: 'health', index: undefined }],
  ['POST', '/_msearch', { name: 'msearch', index: undefined }],
  ['POST', '//logs-app//_msearch/', { name: 'msearch', index: 'logs-app' }],
  ['GET', '/logs-%2A,-x/_field_caps', { name: 'fieldCaps', index: 'logs-*,-x' }],
  ['GET', '/%3Clogs-%7Bnow%7D%3E/_mapping', { name: 'mapping', index: '<logs-{now}>' }],
  ['GET', '/%3Clogs-%7Bnow/d%7D%3E/_field_caps', { name: 'fieldCaps', index: '<logs-{now/d}>' }],
  ['GET', '/a,%3Cb-%7Bnow%2Fd%7D%3E/_mapping', { name: 'mapping', index: 'a,<b-{now/d}>' }],
  ['GET', '/a,%3Cb-%7Bnow/d%7D%3E/_mapping', { name: 'mapping', index: 'a,<b-{now/d}>' }],
  ['GET', '/_resolve/index/%2A', { name: 'resolve', index: '*' }],
  ['GET', '/_all/_search', { name: 'search', index: '_all' }],
])('takes %s %s', (method, path, endpoint) => {
  expect(find(method, path)).toEqual(endpoint)
})

it.each([
  ['GET', '/_cat/indices', 403],
  ['GET', '/_cluster/settings', 403],
  ['POST', '/_query', 403],
  ['GET', '/logs', 403],
  ['POST', '/logs/_doc', 403],
  ['GET', '/logs/_mapping/field/x', 403],
  ['GET', '/_nodes/_search', 403],
  ['GET', '/constructor', 403],
  ['GET', '/x/toString', 403],
  ['GET', '/_resolve/index', 403],
  ['GET', '/_resolve/cluster/x', 403],
  ['GET', '/_resolve/index/a/b', 403],
  ['GET', '/%3Clogs/_search/x%3E', 403],
  ['GET', '/%3Clogs/../_search%3E', 400],
  ['POST', '/_resolve/index/x', 405],
  ['DELETE', '/logs/_mapping', 405],
  ['PUT', '/_mapping', 405],
  ['DELETE', '/', 405],
  ['POST', '/_cluster/health', 405],
  ['GET', '/a%2F_search', 400],
  ['GET', '/%3Ca%3E%2F_search', 400],
  ['GET', '/%3Ca%5Cb%3E/_search', 400],
  ['GET', '/a/..%2F_search', 400],
  ['GET', '/a/../_search', 400],
  ['GET', '/%2e%2e/_search', 400],
  ['GET', '/a%5c/_search', 400],
  ['GET', '/a%00/_search', 400],
  ['GET', '/%zz/_search', 400],
])('refuses %s %s', (method, path, status) => {
  expect(() => find(method, path)).toThrow(expect.objectContaining({ status }))
})
