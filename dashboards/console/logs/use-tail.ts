import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError, apiUrl, send } from '../http/client.ts'
import type { Hit } from '../http/search.ts'
import { endSession } from '../session/session.ts'

const kept = 1000
const againMs = 5000

export interface Tail {
  readonly hits: readonly Hit[]
  readonly state: 'off' | 'connecting' | 'live' | 'lost' | 'refused'
  /** Why it is lost or refused, or what the store says. */
  readonly reason: string | null
  /** More records came than a person can follow, so some were left out. */
  readonly skipped: boolean
}

const off: Tail = { hits: [], state: 'off', reason: null, skipped: false }

/** Why the stream was not given: an `EventSource` does not tell. Null when it is given now. */
async function refusalOf(path: string, signal: AbortSignal): Promise<ApiError | null> {
  try {
    const response = await send(path, { signal })
    await response.body?.cancel()
    return null
  } catch (error) {
    return error instanceof ApiError ? error : new ApiError(0, String(error))
  }
}

interface Listener {
  readonly path: string
  readonly change: (next: (tail: Tail) => Tail) => void
  readonly onSignedOut: () => void
}

/** Listens until the returned function is called. The browser itself reconnects after a broken connection and resumes after the last record; after a refusal it does not. */
function listen({ path, change, onSignedOut }: Listener): () => void {
  const stopping = new AbortController()
  let source: EventSource
  const explain = async () => {
    const refusal = await refusalOf(path, stopping.signal)
    if (stopping.signal.aborted) return
    if (refusal?.status === 401) return onSignedOut()
    const final = refusal !== null && refusal.status >= 400 && refusal.status < 429
    const reason = refusal?.message ?? null
    change((tail) => ({ ...tail, reason, state: final ? 'refused' : 'lost' }))
    if (!final) setTimeout(() => stopping.signal.aborted || open(), againMs)
  }
  const open = () => {
    source = new EventSource(apiUrl(path))
    source.onopen = () => change((tail) => ({ ...tail, state: 'live', reason: null }))
    source.onerror = () => {
      change((tail) => ({ ...tail, state: 'lost' }))
      if (source.readyState === EventSource.CLOSED) void explain()
    }
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const hit = JSON.parse(data) as Hit
      change((tail) => ({ ...tail, reason: null, hits: [hit, ...tail.hits].slice(0, kept) }))
    }
    source.addEventListener('skipped', () => change((tail) => ({ ...tail, skipped: true })))
    source.addEventListener('problem', ({ data }: MessageEvent<string>) => {
      const { reason } = JSON.parse(data) as { reason: string }
      change((tail) => ({ ...tail, reason }))
    })
  }
  open()
  return () => {
    stopping.abort()
    source.close()
  }
}

/** New records as they are stored, newest first. */
export function useTail(on: boolean, text: string): Tail {
  const [tail, setTail] = useState(off)
  const client = useQueryClient()
  useEffect(() => {
    setTail(off)
    if (!on) return
    setTail({ ...off, state: 'connecting' })
    const query = text.trim() === '' ? '' : `?q=${encodeURIComponent(text)}`
    const path = `api/v1/logs/tail${query}`
    return listen({ path, change: setTail, onSignedOut: () => endSession(client) })
  }, [on, text, client])
  return tail
}
