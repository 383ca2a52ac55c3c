package campaign

// LiveTimeout is how long whoever asks the database waits for it.
const LiveTimeout = liveTimeout
