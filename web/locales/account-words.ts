import { enAccount } from './en-account.ts'
import { addWords } from './words.ts'

addWords(enAccount)
