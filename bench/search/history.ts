import type pg from 'pg'
import { type Language, makeLanguages, makeText, seeded } from './words.ts'

export type History = { languages: Language[]; rooms: number[] }

const batch = 10_000
const secondsBetween = 31

/** Fills these rooms with messages as people would have written them over a year: few rooms have many, most have few. */
export async function writeHistory(
  db: pg.Client,
  { rooms, authors, messages }: { rooms: number[]; authors: number[]; messages: number },
): Promise<Language[]> {
  const random = seeded(7)
  const languages = makeLanguages(random)
  const spoken = rooms.map(() => pickLanguage(random, languages))
  const seqs = rooms.map(() => 0)
  let at = Date.now() - messages * secondsBetween * 1000
  for (let done = 0; done < messages; done += batch) {
    const columns: [number[], number[], number[], string[], string[]] = [[], [], [], [], []]
    for (let i = 0; i < Math.min(batch, messages - done); i++) {
      const place = Math.floor(rooms.length * random() ** 3)
      const language = random() < 0.85 ? spoken[place]! : languages[0]!
      at += secondsBetween * 1000
      columns[0].push(rooms[place]!)
      columns[1].push(++seqs[place]!)
      columns[2].push(authors[Math.floor(authors.length * random() ** 2)]!)
      columns[3].push(makeText(random, language))
      columns[4].push(new Date(at).toISOString())
    }
    await db.query(
      `insert into messages (room_id, seq, version, user_id, content, created_at)
       select m.room_id, seq, seq + r.members_version, user_id, content, at
       from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::timestamptz[]) as m (room_id, seq, user_id, content, at)
       join rooms r on r.id = m.room_id order by at`,
      columns,
    )
  }
  await db.query(`
    update rooms r set version = last.version, last_seq = last.seq, last_message_id = last.id, bumped_at = last.at
    from (select room_id, max(version) as version, max(seq) as seq, max(id) as id, max(created_at) as at
      from messages group by room_id) last
    where last.room_id = r.id`)
  return languages
}

function pickLanguage(random: () => number, languages: readonly Language[]): Language {
  let left = random()
  return languages.find(({ share }) => (left -= share) < 0) ?? languages[0]!
}
