import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { Hit } from '../http/search.ts'
import type { FieldFilter } from './lucene.ts'
import { RecordRow } from './RecordRow.tsx'

export interface RecordsProps {
  readonly hits: readonly Hit[]
  readonly onFilter: (filter: FieldFilter) => void
}

/** Log records, newest first, as many as there are: only those in view are drawn. */
export function Records({ hits, onFilter }: RecordsProps) {
  const [openId, setOpenId] = useState<string>()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: hits.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    getItemKey: (index) => hits[index]?._id ?? index,
    overscan: 20,
  })
  return (
    <section
      ref={scroller}
      style={{ height: '62vh', overflow: 'auto' }}
      data-testid="records"
      aria-label="Records, newest first"
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, key, start }) => {
          const hit = hits[index]
          return (
            hit && (
              <div
                key={key}
                ref={rows.measureElement}
                data-index={index}
                style={{
                  position: 'absolute',
                  insetInline: 0,
                  transform: `translateY(${start}px)`,
                }}
              >
                <RecordRow
                  hit={hit}
                  open={openId === hit._id}
                  onToggle={() => setOpenId(openId === hit._id ? undefined : hit._id)}
                  onFilter={onFilter}
                />
              </div>
            )
          )
        })}
      </div>
    </section>
  )
}
