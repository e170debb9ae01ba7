/**
 * Numbers in the history are found in every dress, as users are by them: the words are indexed anew, with each number as
 * its digits. What is not in the index is put into it in the background.
 */
export const historyNumbers = `
DELETE FROM history_words;
`
