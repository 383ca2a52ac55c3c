package db_test

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/seal"
)

// The conformance suite finds every query by reflection, so a new one is in it without
// being named. The rows of the fixture all have the id, slug, key and so on "x"; a query
// gets "x" for every text, or "y" for what an insert must not share with them. A query
// that needs something else gets it from special.
const (
	old   = "x"
	fresh = "y"
	early = stamp.Time(1_000)
	late  = stamp.Time(2_000)
)

// special arguments: method -> field -> value; the field of a single argument is "".
var special = map[string]map[string]any{
	"ForgetSupporter":     {"ID": "alone"},
	"DropSupporter":       {"": "nobody"},
	"HoldCampaign":        {"CampaignID": "quiet"},
	"InsertQuestion":      {"SubmissionID": "done"},
	"HastenLetter":        {"Attempts": int64(0)},
	"ListAudit":           {"Since": early},
	"CountAudit":          {"Since": early},
	"InsertSuppression":   {"Address": fresh},
	"UseDownload":         {"Link": fresh},
	"ListAudience":        {"After": ""},
	"ListSupportersAfter": {"After": ""},
	"EraseSubmissions":    {"": "gone"},
	"EndLease":            {"Name": "delivery", "Fence": int64(0)},
	"ListLatestHeld":      {"State": "frozen", "After": early},
	"ListStaleLetters":    {"State": "sending"},
	"RenewLease":          {"Name": "delivery", "Fence": int64(0)},
	"TakeLease":           {"Name": "delivery", "Fence": int64(0)},
	"ListHeldLetters":     {"AfterID": ""},
	"ListLetters":         {"BeforeID": "y"},
	"ListUnknown":         {"After": stamp.Time(0), "Slug": "", "Office": ""},
	"MoveLetters":         {"FromAttempts": int64(0)},
	"CampaignVersion":     {"Version": int64(1)},
	"SetCampaignVersion":  {"Version": int64(2), "FromVersion": int64(1), "Slug": fresh},
	"CountSoftBounces":    {"Since": stamp.Time(0)},
	"ListMailRefusals":    {"After": stamp.Time(0)},
	"ChangeSetting":       {"FromValue": "v"},
	"ClaimSetting":        {"Name": fresh},
	"ListMailboxKeys":     {"AfterID": ""},
	"SetMailboxKey":       {"EmailKey": fresh},
	"ListLettersGivenUp":  {"Channel": "print"},
	"ClaimJourneyStep":    {"Attempts": int64(0)},
	"EndJourneyStep":      {"ID": "hand", "Attempts": int64(0)},
	"BeginJourneyRun":     {"Journey": fresh},
	"ResumeJourneyRun":    {"Journey": "paused", "Since": early},
	"AdvanceJourneyRun":   {"FromID": ""},
	"DropTagsOfForgotten": {"": "gone"},
	"ListBlocks":          {"After": ""},
	"DropBlocks":          {"FromStart": "", "Until": fresh},
	"ListFacet":           {"FromStart": "", "Until": fresh},
	"DropChanges":         {"FromID": "", "Until": fresh},
	"NextChange":          {"": ""},
	"ListChanged":         {"FromID": "", "Until": fresh},
	"ListFaces":           {"FromID": "", "Until": fresh, "MaxRows": int64(9)},
	"ListFaceTags":        {"FromID": "", "Until": fresh},
	"ListFaceLists":       {"FromID": "", "Until": "z"},
	"ListFaceActs":        {"FromID": "", "Until": fresh},
	"FaceAt":              {"FromID": "", "Until": fresh, "Place": int64(0)},
	"ListFaceListsOf":     {"": keys.List{"yes"}},
	"ListSubscribedOf":    {"People": keys.List{"yes"}},
	"MoveTags":            {"Kept": "alone"},
	"MoveSubscriptions":   {"Kept": "alone"},
	"ForgetNetworks":      {"": late},
	"ListEndedConsents":   {"Before": late},
	"ForgetEndedConsents": {"Before": late, "SupporterID": "yes"},

	"SourceThatWrote":      {"Source": ""},
	"MailingByNumber":      {"": int64(1)},
	"InsertStaff":          {"Name": fresh},
	"InsertStaffLink":      {"Token": fresh},
	"InsertStaffSession":   {"Token": fresh},
	"InsertMailing":        {"Number": int64(9), "Name": fresh},
	"ReplaceMailing":       {"ID": "draft", "Seen": stamp.Time(0)},
	"MoveMailing":          {"FromState": "draft", "ID": "draft"},
	"FillMailing":          {"FromFilled": old},
	"DecideMailing":        {"ID": "draft"},
	"SentRecipients":       {"People": keys.List{"alone"}, "FromState": "unknown"},
	"TakeFlights":          {"Fence": int64(3)},
	"EndRecipient":         {"SupporterID": "alone", "FromState": "unknown"},
	"ListMailingsIn":       {"": "draft"},
	"ListMailingsToForget": {"State": "sending"},
}

// unique are the fields that an insert must not share with the fixture.
var unique = map[string]bool{"ID": true, "Key": true, "Slug": true, "Person": true, "DeliveryID": true, "EmailKey": true}

// seedMailings adds one that is being sent, a draft, and one that is over.
func seedMailings(ctx context.Context, tx *db.Tx) []error {
	return []error{
		add(ctx, tx, "mailings", row{"id": old, "number": 1, "name": old, "source": old, "state": "sending", "began_at": early, "filled_to": old}),
		add(ctx, tx, "mailings", row{"id": "draft", "number": 2, "name": "draft", "source": old, "state": "draft"}),
		add(ctx, tx, "mailing_recipients", row{"mailing_id": old, "supporter_id": old, "state": "queued", "variant": "a", "due_at": early}),
		add(ctx, tx, "mailing_recipients", row{"mailing_id": old, "supporter_id": "alone", "state": "unknown"}),
		add(ctx, tx, "mailing_flights", row{"mailing_id": old, "fence": 2, "people": old}),
		add(ctx, tx, "mailings", row{"id": "over", "number": 3, "name": "over", "source": old, "state": "done", "ended_at": early}),
		add(ctx, tx, "mailing_flights", row{"mailing_id": "over", "fence": 1}),
		add(ctx, tx, "mailing_counts", row{"mailing_id": old, "sent": 3}),
	}
}

func seed(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		steps := []error{
			tx.InsertCampaign(ctx, query.InsertCampaignParams{ID: old, Slug: old, Version: 1, CreatedAt: early, UpdatedAt: early}),
			tx.InsertCampaignVersion(ctx, query.InsertCampaignVersionParams{CampaignID: old, Version: 1, Source: "# é", Hash: "h", CreatedAt: early}),
			tx.AddCampaignCounts(ctx, query.AddCampaignCountsParams{CampaignID: old, Submitted: 1, Joined: 1}),
			tx.PutSetting(ctx, query.PutSettingParams{Name: old, Value: "v"}),
			add(ctx, tx, "campaign_holds", row{"campaign_id": old, "reason": old, "held_at": early}),
			add(ctx, tx, "campaigns", row{"id": "quiet", "slug": "quiet", "version": 1, "created_at": early, "updated_at": early}),
			add(ctx, tx, "view_counts", row{"campaign_id": old, "source": old, "views": 3}),
			add(ctx, tx, "guard_counts", row{"node": "gone", "rule": old, "key": old, "counted": 3, "at": early}),
			add(ctx, tx, "guard_counts", row{"node": "other", "rule": old, "key": old, "counted": 3, "at": late + 1}),
			add(ctx, tx, "buckets", row{"name": old, "full_us": 3}),
			add(ctx, tx, "senders", row{"channel": old, "node": old, "since": early, "sender": old}),
			add(ctx, tx, "leases", row{"name": old, "holder": old, "fence": 2}),
			add(ctx, tx, "mail_in", row{"id": old, "state": old, "raw": []byte{0, 255}, "created_at": early}),
			add(ctx, tx, "mail_seen", row{"key": old, "created_at": early}),
			add(ctx, tx, "soft_bounces", row{"mailbox": old, "key": old, "created_at": early}),
			add(ctx, tx, "mail_in_counts", row{"day": 1, "kind": old, "mails": 3}),
			add(ctx, tx, "mail_in_counts", row{"day": 2, "kind": old, "mails": 3}),
			add(ctx, tx, "mail_refusals", row{"domain": old, "status": "5.7.1", "refused": 1, "since": early, "updated_at": early}),
		}
		_, err := tx.ClaimCampaignSlug(ctx, query.ClaimCampaignSlugParams{Slug: old, CampaignID: old})
		steps = append(
			steps, err,
			add(ctx, tx, "supporters", row{"id": old, "email_key": old, "email": "a@example.org", "created_at": early, "updated_at": early}),
			add(ctx, tx, "supporters", row{"id": "nobody", "email_key": "nobody"}),
			add(ctx, tx, "supporters", row{"id": "yes", "email_key": "yes", "email": "c@example.org"}),
			add(ctx, tx, "supporters", row{"id": "alone", "email_key": "alone", "email": "b@example.org", "created_at": early, "updated_at": early}),
			add(ctx, tx, "consents", row{"id": old, "supporter_id": old, "purpose": old, "words": "Yes", "campaign_id": old, "given_at": early}),
			add(ctx, tx, "consents", row{
				"id": "ended", "supporter_id": "yes", "purpose": old, "given_at": early, "withdrawn_at": early, "import_id": old, "words_hash": old, "network": "192.0.2.0/24",
			}),
			add(ctx, tx, "consents", row{"id": "import", "supporter_id": old, "purpose": old, "import_id": old, "words_hash": old}),
			add(ctx, tx, "consents", row{"id": "agreed", "supporter_id": old, "purpose": old, "given_at": early, "confirmed_at": early}),
			add(ctx, tx, "imports", row{"id": old, "at": early, "who": old, "file": old, "basis": old, "basis_hash": old}),
			add(ctx, tx, "subscriptions", row{"supporter_id": old, "list": old, "since": early}),
			add(ctx, tx, "subscriptions", row{"supporter_id": "yes", "list": old, "since": early, "confirmed_at": early}),
			add(ctx, tx, "person_tags", row{"supporter_id": old, "tag": old, "since": early}),
			add(ctx, tx, "segments", row{"name": old, "text": "everyone", "made_by": old, "created_at": early, "updated_at": early}),
			add(ctx, tx, "people_blocks", row{"facet": old, "start": old, "people": 1, "data": []byte{0, 255}}),
			add(ctx, tx, "people_blocks", row{"facet": "", "start": old, "people": 1, "data": []byte{1}}),
			add(ctx, tx, "people_blocks", row{"facet": "place", "start": old, "people": 1, "data": []byte{1, 2}}),
			add(ctx, tx, "people_changes", row{"supporter_id": old, "change": old}),
			add(ctx, tx, "suppressions", row{"address": old, "list": old, "reason": old, "created_at": early}),
			add(ctx, tx, "downloads", row{"link": old, "at": early}),
			seedStaff(ctx, tx),
			add(ctx, tx, "print_batches", row{"id": old, "campaign_id": old, "seat": old, "office": old, "made_at": early, "made_by": old}),
			add(ctx, tx, "mailboxes", row{"address": old, "asked": 1, "asked_at": early, "asked_for": old}),
			tx.InsertAudit(ctx, query.InsertAuditParams{ID: "a", At: early, Who: old, Action: old, Subject: old}),
		)
		for state, id := range map[string]string{"waiting": old, "sending": "hand", "sent": "sent"} {
			steps = append(steps, add(ctx, tx, "journey_steps", row{
				"id": id, "journey": id, "supporter_id": old, "about": old, "state": state, "since": early, "due_at": early,
			}))
		}
		steps = append(steps, seedMailings(ctx, tx)...)
		steps = append(steps, add(ctx, tx, "journey_runs", row{"campaign_id": old, "journey": old, "since": early}), add(ctx, tx, "submissions", row{
			"id": "yes", "key": "yes", "campaign_id": old, "supporter_id": "yes", "person": "yes", "forget": true, "created_at": late,
		}), add(ctx, tx, "journey_runs", row{"campaign_id": old, "journey": "paused", "since": early, "paused_at": early}))
		// One submission with letters under way, one whose letter has arrived.
		steps = append(steps, add(ctx, tx, "supporters", row{"id": "gone", "email_key": "gone"}), add(ctx, tx, "person_tags", row{"supporter_id": "gone", "tag": old, "since": early}), add(ctx, tx, "submissions", row{
			"id": "gone", "key": "gone", "campaign_id": old, "supporter_id": "gone", "person": "gone", "created_at": early, "scrubbed_at": early,
		}))
		for id, states := range map[string][]string{old: {old, "sending", "frozen", "ready", "unknown"}, "done": {"accepted"}} {
			steps = append(steps, add(ctx, tx, "submissions", row{
				"id": id, "key": id, "campaign_id": old, "supporter_id": old, "person": id, "first_name": "Zoë", "joined": true, "created_at": early,
			}))
			for _, state := range states {
				steps = append(steps, add(ctx, tx, "letters", row{
					"id": state, "submission_id": id, "campaign_id": old, "office": old, "channel": old, "delivery_id": state, "state": state,
					"since": early, "due_at": early, "message": "Dear", "created_at": late,
				}))
			}
		}
		steps = append(
			steps, tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{LetterID: old, At: early, ToState: old}),
			add(ctx, tx, "questions", row{"submission_id": old, "words": "Ask me", "words_hash": "h", "agreed_at": early, "due_at": late}),
			add(ctx, tx, "letters", row{
				"id": "paper", "submission_id": old, "campaign_id": old, "office": old, "channel": "print", "delivery_id": "paper", "state": "waiting", "created_at": late,
			}),
			add(ctx, tx, "print_letters", row{"letter_id": old, "batch_id": old, "place": 1}),
			add(ctx, tx, "answers", row{"letter_id": old, "campaign_id": old, "seat": old, "answer": "real", "answered_at": early}),
		)
		for _, err := range steps {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func seedStaff(ctx context.Context, tx *db.Tx) error {
	return errors.Join(
		add(ctx, tx, "staff", row{"id": old, "email_key": old, "email": "s@example.org", "name": old, "role": old, "created_at": early}),
		add(ctx, tx, "staff_links", row{"token": old, "staff_id": old, "browser": old, "expires_at": early}),
		add(ctx, tx, "staff_sessions", row{"token": old, "staff_id": old, "created_at": early, "seen_at": early}),
	)
}

// row is one row of a table by the names of its columns; the others keep their defaults.
type row map[string]any

// add adds a row. Columns without a default that the row does not name are empty.
func add(ctx context.Context, tx *db.Tx, table string, r row) error {
	all := maps.Clone(needed[table])
	maps.Copy(all, r)
	in := db.Insert{Table: table, Columns: slices.Sorted(maps.Keys(all))}
	values := make([]any, len(in.Columns))
	for i, name := range in.Columns {
		values[i] = all[name]
	}
	_, err := tx.InsertRows(ctx, in, [][]any{values})
	return err
}

// needed are the columns without a default that a fixture may leave out.
var needed = map[string]row{
	"campaigns":      {},
	"supporters":     {"email": "", "created_at": 0, "updated_at": 0},
	"consents":       {"purpose": "", "words": "", "words_hash": "", "campaign_version": 1, "method": "", "given_at": 0},
	"submissions":    {"campaign_version": 1, "person": "", "created_at": 0},
	"letters":        {"seat": "", "office": "", "channel": "", "since": 0},
	"suppressions":   {},
	"journey_steps":  {},
	"journey_runs":   {},
	"person_tags":    {},
	"imports":        {},
	"segments":       {},
	"people_blocks":  {},
	"people_changes": {},
	"subscriptions":  {},
	"downloads":      {},
	"mailboxes":      {},
	"leases":         {},
	"senders":        {},
	"buckets":        {},
	"guard_counts":   {},
	"view_counts":    {},
	"campaign_holds": {},
	"questions":      {},
	"answers":        {},
	"mail_in":        {},
	"mail_in_counts": {},
	"mail_refusals":  {},
	"mail_seen":      {},
	"soft_bounces":   {},
	"print_batches":  {},
	"print_letters":  {},
	"staff":          {},
	"staff_links":    {},
	"staff_sessions": {},

	"mailings":           {"source": "", "created_at": 0, "updated_at": 0},
	"mailing_recipients": {},
	"mailing_flights":    {},
	"mailing_counts":     {},
}

// methods returns the queries by name, in the order of their names.
func methods() []reflect.Method {
	var all []reflect.Method
	for method := range reflect.TypeFor[*query.Queries]().Methods() {
		if method.Name != "WithTx" {
			all = append(all, method)
		}
	}
	return all
}

// argument makes the argument of a query after the context: none, a text, or a struct.
func argument(t *testing.T, m reflect.Method) []reflect.Value {
	t.Helper()
	if m.Type.NumIn() == 2 {
		return nil
	}
	v := reflect.New(m.Type.In(2)).Elem()
	if v.Kind() != reflect.Struct {
		fill(t, m.Name, "", v)
		if x, ok := special[m.Name][""]; ok {
			v.Set(reflect.ValueOf(x))
		}
		return []reflect.Value{v}
	}
	for field, value := range v.Fields() {
		if x, ok := special[m.Name][field.Name]; ok {
			value.Set(reflect.ValueOf(x))
			continue
		}
		fill(t, m.Name, field.Name, value)
	}
	return []reflect.Value{v}
}

func fill(t *testing.T, method, field string, v reflect.Value) {
	t.Helper()
	inserts := strings.HasPrefix(method, "Insert") || strings.HasPrefix(method, "Upsert")
	switch v.Interface().(type) {
	case string:
		v.SetString(old)
		if inserts && unique[field] {
			v.SetString(fresh)
		}
	case stamp.Time:
		v.SetInt(int64(late))
		if field == "AfterSince" {
			v.SetInt(0)
		}
	case int64:
		v.SetInt(2)
	case seal.Text, seal.Word:
		v.SetString(old)
	case bool:
		v.SetBool(true)
	case []byte:
		v.SetBytes([]byte{0, 255})
	case keys.List:
		v.Set(reflect.ValueOf(keys.List{fresh, old, old}))
	default:
		t.Fatalf("%s: %s has type %s, which only one engine may know; docs/database.md lists the types", method, field, v.Type())
	}
}

func TestEveryQueryAnswersTheSameOnBothEngines(t *testing.T) {
	answers := map[db.Engine]map[string]any{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		got := map[string]any{}
		for _, m := range methods() {
			got[m.Name] = call(t, d, m)
		}
		answers[d.Engine()] = got
	})
	if len(answers) < 2 {
		t.Skip("one engine only")
	}
	if diff := cmp.Diff(answers[db.SQLite], answers[db.Postgres]); diff != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", diff)
	}
}

// call runs one query in a transaction that is rolled back, and returns its answer. The
// fixture and the arguments are such that every query succeeds and returns something.
func call(t *testing.T, d *db.DB, m reflect.Method) any {
	t.Helper()
	var answer any
	rollback := sql.ErrTxDone
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		in := append([]reflect.Value{reflect.ValueOf(tx.Queries), reflect.ValueOf(ctx)}, argument(t, m)...)
		out := m.Func.Call(in)
		if err, failed := reflect.TypeAssert[error](out[len(out)-1]); failed {
			return err
		}
		if len(out) > 1 {
			answer = out[0].Interface()
		}
		return rollback
	})
	if err != rollback { //nolint:errorlint // exactly ours, unwrapped
		t.Errorf("%s on %s: %v", m.Name, d.Engine(), err)
	}
	if v := reflect.ValueOf(answer); v.IsValid() && (v.Kind() == reflect.Slice && v.Len() == 0 || v.Kind() == reflect.Int64 && v.Int() == 0) {
		t.Errorf("%s on %s touched no row: the fixture or its arguments do not fit", m.Name, d.Engine())
	}
	return answer
}
