import { enCatchingUp } from './en-catching-up.ts'
import { addWords } from './words.ts'

addWords(enCatchingUp)
