import type { RequestHandler } from 'express'
import { Counter, Histogram, type Registry } from 'prom-client'

/** Counts requests by route, method and status class; routes are those of the tables, so that labels are bounded. */
export function countRequests(registry: Registry): RequestHandler {
  const registers = [registry]
  const total = new Counter({
    name: 'warren_api_requests_total',
    help: 'Answered requests',
    labelNames: ['route', 'method', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'warren_api_request_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers,
  })
  return (request, response, next) => {
    const end = seconds.startTimer()
    response.once('close', () => {
      const route = String(response.locals['route'] ?? 'other')
      const known = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'].includes(request.method)
      const method = known ? request.method : 'other'
      total.inc({ route, method, status: String(response.statusCode) })
      end({ route })
    })
    next()
  }
}
