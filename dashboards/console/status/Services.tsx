import { SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { QueryState } from '../states/QueryState.tsx'
import { ServiceCard } from './ServiceCard.tsx'
import { statusQuery, toServices } from './status-query.ts'

/** Every part by service. It needs no session: the api answers it with every store down. */
export function Services() {
  const query = useQuery(statusQuery)
  return (
    <QueryState query={query} what="Status" isEmpty={() => false} empty={null}>
      {({ version, parts }) => (
        <>
          <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
            {toServices(parts).map((service) => (
              <ServiceCard key={service.name} service={service} isOld={query.error !== null} />
            ))}
          </SimpleGrid>
          <Text size="sm" c="dimmed" mt="md">
            Warren {version}
          </Text>
        </>
      )}
    </QueryState>
  )
}
