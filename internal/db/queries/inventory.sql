-- name: Inventory :many
-- How many rows of each kind hold something about a person, and since when. Reads whole
-- tables: for the command line.
SELECT 'submissions' AS held, CAST(count(*) AS bigint) AS held_rows, CAST(coalesce(min(created_at), 0) AS bigint) AS oldest
FROM submissions WHERE scrubbed_at = 0
UNION ALL
SELECT 'fingerprints', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM submissions
UNION ALL
SELECT 'partner-ticks', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM submissions WHERE partners <> ''
UNION ALL
SELECT 'disowned', CAST(count(*) AS bigint), CAST(coalesce(min(disowned_at), 0) AS bigint) FROM submissions WHERE disowned_at > 0
UNION ALL
SELECT 'letters', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM letters WHERE subject <> ''
UNION ALL
SELECT 'text-hashes', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM letters WHERE text_hash <> ''
UNION ALL
SELECT 'reasons', CAST(count(*) AS bigint), CAST(coalesce(min(at), 0) AS bigint) FROM letter_history WHERE note <> ''
UNION ALL
SELECT 'supporters', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM supporters WHERE email <> ''
UNION ALL
SELECT 'consents', CAST(count(*) AS bigint), CAST(coalesce(min(given_at), 0) AS bigint) FROM consents
UNION ALL
SELECT 'subscriptions', CAST(count(*) AS bigint), CAST(coalesce(min(since), 0) AS bigint) FROM subscriptions
UNION ALL
SELECT 'networks', CAST(count(*) AS bigint), CAST(coalesce(min(given_at), 0) AS bigint) FROM consents WHERE network <> ''
UNION ALL
SELECT 'imports', CAST(count(*) AS bigint), CAST(coalesce(min(at), 0) AS bigint) FROM imports
UNION ALL
SELECT 'tags', CAST(count(*) AS bigint), CAST(coalesce(min(since), 0) AS bigint) FROM person_tags
UNION ALL
SELECT 'people-copy', CAST(coalesce(sum(people), 0) AS bigint), CAST(0 AS bigint) FROM people_blocks WHERE facet = 'place'
UNION ALL
SELECT 'downloads', CAST(count(*) AS bigint), CAST(coalesce(min(at), 0) AS bigint) FROM downloads
UNION ALL
SELECT 'suppressions', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM suppressions
UNION ALL
SELECT 'mailboxes', CAST(count(*) AS bigint), CAST(coalesce(min(CASE WHEN asked_at > 0 THEN asked_at ELSE confirmed_at END), 0) AS bigint) FROM mailboxes
UNION ALL
SELECT 'questions', CAST(count(*) AS bigint), CAST(coalesce(min(agreed_at), 0) AS bigint) FROM questions
UNION ALL
SELECT 'answers', CAST(count(*) AS bigint), CAST(coalesce(min(answered_at), 0) AS bigint) FROM answers
UNION ALL
SELECT 'journeys', CAST(count(*) AS bigint), CAST(coalesce(min(since), 0) AS bigint) FROM journey_steps
UNION ALL
SELECT 'crowds', CAST(count(*) AS bigint), CAST(coalesce(min(at), 0) AS bigint) FROM guard_counts
UNION ALL
SELECT 'mail-in', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM mail_in
UNION ALL
SELECT 'soft-bounces', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM soft_bounces
UNION ALL
SELECT 'mail-refusals', CAST(count(*) AS bigint), CAST(coalesce(min(since), 0) AS bigint) FROM mail_refusals
UNION ALL
SELECT 'mailings', CAST(count(*) AS bigint), CAST(coalesce(min(m.created_at), 0) AS bigint)
FROM mailing_recipients r JOIN mailings m ON m.id = r.mailing_id
UNION ALL
SELECT 'from-mailings', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM submissions WHERE mailing_id <> ''
UNION ALL
SELECT 'print-batches', CAST(count(*) AS bigint), CAST(coalesce(min(made_at), 0) AS bigint) FROM print_batches
UNION ALL
SELECT 'staff', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM staff
UNION ALL
SELECT 'staff-sessions', CAST(count(*) AS bigint), CAST(coalesce(min(created_at), 0) AS bigint) FROM staff_sessions
UNION ALL
SELECT 'staff-links', CAST(count(*) AS bigint), CAST(0 AS bigint) FROM staff_links
UNION ALL
SELECT 'audit', CAST(count(*) AS bigint), CAST(coalesce(min(at), 0) AS bigint) FROM audit;
