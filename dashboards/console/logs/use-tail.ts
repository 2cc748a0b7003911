import { useEffect, useState } from 'react'
import { apiUrl } from '../http/client.ts'
import type { Hit } from '../http/search.ts'

const kept = 1000

export interface Tail {
  readonly hits: readonly Hit[]
  readonly state: 'off' | 'connecting' | 'live' | 'lost'
}

/** New records as they are stored, newest first; the browser reconnects by itself and resumes after the last one. */
export function useTail(on: boolean, text: string): Tail {
  const [hits, setHits] = useState<readonly Hit[]>([])
  const [state, setState] = useState<Tail['state']>('off')
  useEffect(() => {
    setHits([])
    if (!on) {
      setState('off')
      return
    }
    setState('connecting')
    const url = apiUrl('api/v1/logs/tail')
    if (text.trim() !== '') url.searchParams.set('q', text)
    const source = new EventSource(url)
    source.onopen = () => setState('live')
    source.onerror = () => setState('lost')
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const hit = JSON.parse(data) as Hit
      setHits((current) => [hit, ...current].slice(0, kept))
    }
    return () => source.close()
  }, [on, text])
  return { hits, state }
}
