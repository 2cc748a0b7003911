import { Anchor, Breadcrumbs, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import { Link, useNavigate, useParams } from 'react-router'
import { Confirm } from '../states/Confirm.tsx'
import { QueryState } from '../states/QueryState.tsx'
import { deleteLetter, letterQuery, lettersKey, startReplay } from './dead-letter-queries.ts'
import { LetterBadges } from './LetterBadges.tsx'
import { LetterContent } from './LetterContent.tsx'
import { factsOf } from './letter-facts.ts'
import { Replays } from './Replays.tsx'
import { useMayChange } from './use-may-change.ts'

function Facts({ letter }: { letter: StoredLetter }) {
  return (
    <Table verticalSpacing={3} layout="auto">
      <Table.Tbody>
        {Object.entries(factsOf(letter)).map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Td c="dimmed" fz="sm" style={{ whiteSpace: 'nowrap' }}>
              {name}
            </Table.Td>
            <Table.Td w="100%" fz="sm" style={{ overflowWrap: 'anywhere' }}>
              {value}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Actions({ letter }: { letter: StoredLetter }) {
  const navigate = useNavigate()
  const back = () => void navigate('/dead-letters')
  return (
    <Group gap="xs">
      <Confirm
        label="Replay"
        title="Replay this letter?"
        text="It is sent again to where it came from. When it is refused again it comes back, counted."
        action="Replay"
        changes={lettersKey}
        run={() => startReplay({ tenant: letter.tenant }, [letter.id])}
        onDone={back}
      />
      <Confirm
        label="Delete"
        title="Delete this letter for good?"
        text="It cannot be brought back: what it holds was stored nowhere else."
        action="Delete"
        color="red"
        changes={lettersKey}
        run={() => deleteLetter(letter)}
        onDone={back}
      />
    </Group>
  )
}

/** One letter, whole: why, where it came from, what it says; edited, sent again or deleted here. */
export function LetterPage() {
  const { tenant = '', id = '' } = useParams()
  const { mayChange } = useMayChange()
  const query = useQuery(letterQuery(tenant, id))
  return (
    <Stack gap="sm">
      <Breadcrumbs>
        <Anchor component={Link} to="/status">
          Status
        </Anchor>
        <Anchor component={Link} to="/dead-letters">
          Dead letters
        </Anchor>
        <Title order={2} size="h4">
          {id.slice(0, 12)}
        </Title>
      </Breadcrumbs>
      <Replays tenant={tenant} />
      <QueryState query={query} what="The letter" isEmpty={() => false} empty={null}>
        {(letter) => (
          <>
            <Group justify="space-between">
              <Group gap="xs">
                <LetterBadges letter={letter} />
              </Group>
              {mayChange && <Actions letter={letter} />}
            </Group>
            <Text style={{ overflowWrap: 'anywhere' }}>{letter.reason}</Text>
            <LetterContent key={letter.version} letter={letter} mayChange={mayChange} />
            <Facts letter={letter} />
          </>
        )}
      </QueryState>
    </Stack>
  )
}
