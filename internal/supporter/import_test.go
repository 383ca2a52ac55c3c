package supporter_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

const basis = "They signed our paper petition in 2025 and ticked the box for news."

// fields are the organisation's own in these tests.
var fields = []string{"employer"}

func (w *world) segments() *segment.People {
	return &segment.People{DB: w.db, Campaigns: w.store, Roster: roster.Embedded, Clock: w.clock}
}

// bring imports a file; change changes the way.
func (w *world) bring(file string, change ...func(*supporter.Import)) (supporter.Imported, []string) {
	w.Helper()
	in, err := peoplefile.Open(strings.NewReader(file), fields)
	if err != nil {
		w.Fatal(err)
	}
	var refused []string
	o := supporter.Import{Basis: basis, List: supporter.Updates, File: "people.csv", Who: "ada", Refused: func(line int, why string) error {
		refused = append(refused, fmt.Sprintf("%d: %s", line, why))
		return nil
	}}
	for _, c := range change {
		c(&o)
	}
	done, err := w.people.Import(w.Context(), in, o)
	if err != nil {
		w.Fatal(err)
	}
	return done, refused
}

func (w *world) show(address string) supporter.Whole {
	w.Helper()
	one, err := w.people.Show(w.Context(), w.store, address, "ada")
	if err != nil {
		w.Fatal(err)
	}
	return one
}

// export writes everybody in a format.
func (w *world) export(format string) string {
	w.Helper()
	s, err := segment.Parse("everyone")
	if err != nil {
		w.Fatal(err)
	}
	var out bytes.Buffer
	writer := peoplefile.NewJSON(&out)
	if format == "csv" {
		writer = peoplefile.NewCSV(&out, fields)
	}
	if _, err := w.people.Export(w.Context(), w.segments(), s, "ada", writer.Write); err != nil {
		w.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		w.Fatal(err)
	}
	return out.String()
}

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		done, refused := w.bring("Email,First Name,Last Name,State,ZIP,Language,Tags,Employer,Shoe size\n"+
			"zoe@example.org,Zoë,Ng,Texas,78701,Spanish,\"Volunteer, big donor\",Acme,41\n"+
			"not an address,A,B,,,,,,\n"+
			"\n"+
			"ZOE+x@example.org,Other,Name,,,,,,\n"+
			"bob@example.org,Bob,,,,,,,\n", func(o *supporter.Import) {
			o.Tags = []string{"petition"}
			o.Place = func(zip, _ string) (string, string) { return map[string]string{"78701": "TX"}[zip], "TX-37" }
		})
		if done.People != 4 || done.New != 2 || done.Known != 0 || done.Twice != 1 || done.Refused != 1 || done.Joined != 2 || done.KeptOff != 0 || done.ID == "" {
			t.Errorf("%+v", done)
		}
		if len(refused) != 1 || !strings.HasPrefix(refused[0], "3: the e-mail address: ") {
			t.Errorf("%q", refused)
		}
		zoe := w.show("zoe@example.org")
		if zoe.First != "Zoë" || zoe.Last != "Ng" || zoe.State != "TX" || zoe.District != "TX-37" || zoe.ZIP != "78701" || zoe.Lang != "es" ||
			!slices.Equal(zoe.Tags, []string{"big donor", "petition", "volunteer"}) || !maps.Equal(zoe.Custom, map[string]string{"employer": "Acme"}) ||
			!slices.Equal(zoe.Lists, []supporter.List{supporter.Updates}) || !zoe.Created.Equal(noon) {
			t.Errorf("%+v", zoe)
		}
		c := zoe.Consents
		if len(c) != 1 || !c[0].Proved || c[0].Words != basis || c[0].Method != supporter.MethodImport || c[0].Import != done.ID || c[0].ImportedBy != "ada" || c[0].File != "people.csv" || !c[0].Confirmed.Equal(noon) {
			t.Errorf("%+v", c)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE imports SET basis = 'Something else that was never declared.'"); err != nil {
			t.Fatal(err)
		}
		if w.show("zoe@example.org").Consents[0].Proved {
			t.Error("a line proves itself although the declared basis is another")
		}
		entries, err := audit.List(t.Context(), d, audit.Page{Limit: 10, Subject: done.ID})
		if err != nil || len(entries) != 1 || entries[0].Action != audit.PeopleImport || entries[0].Who != "ada" {
			t.Errorf("%+v, %v", entries, err)
		}
	})
}

// Who is on record keeps what they said; twice is as good as once; a dry run changes nothing.
func TestImportAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const file = "email;first_name;zip\nann@example.org;Ann;78701\nbob@example.org;Bob;78702\n"
		dry, _ := w.bring(file, func(o *supporter.Import) { o.DryRun = true })
		if dry.New != 2 || dry.Joined != 2 || dry.ID != "" {
			t.Errorf("%+v", dry)
		}
		if w.export("json") != "[]\n" {
			t.Error("a dry run leaves people")
		}
		w.bring(file)
		before := w.export("json")
		again, _ := w.bring(file)
		if again.New != 0 || again.Known != 2 {
			t.Errorf("%+v", again)
		}
		if after := w.export("json"); after != before {
			t.Errorf("the second time changed people:\n%s%s", before, after)
		}
		if c := w.show("ann@example.org").Consents; len(c) != 1 {
			t.Errorf("%d lines after two imports", len(c))
		}
		w.bring("email,first_name,last_name,zip\nann@example.org,Other,Lee,10001\n")
		if ann := w.show("ann@example.org"); ann.First != "Ann" || ann.Last != "Lee" || ann.ZIP != "78701" {
			t.Errorf("%+v", ann)
		}
		in, err := peoplefile.Open(strings.NewReader(file), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.people.Import(t.Context(), in, supporter.Import{Basis: "because"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a basis: %v", err)
		}
	})
}

// MAIL-C-4: an import declares its basis, and brings nobody back who left, bounced, complained
// or wants to be left alone; only the person can, by a new tick and its confirmation.
func TestMAIL_C_4_AnImportBringsNobodyBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.people = w.under(newer, secret) // what older secrets hashed counts too
		old := w.under(secret)
		for address, reason := range map[string]supporter.Reason{
			"left@example.org": supporter.Unsubscribed, "never@example.org": supporter.Never, "bounced@example.org": supporter.HardBounce,
			"spam@example.org": supporter.Complaint, "manual@example.org": supporter.Manual, "notme@example.org": supporter.NotMe, "legal@example.org": supporter.Legal,
		} {
			list := supporter.Everything
			if reason == supporter.Unsubscribed {
				list = supporter.Updates
			}
			if err := old.Suppress(t.Context(), address, list, reason, "test"); err != nil {
				t.Fatal(err)
			}
		}
		const file = "email,status\nleft@example.org,subscribed\nNEVER@example.org,\nbounced@example.org,\nspam@example.org,\nmanual@example.org,\n" +
			"notme@example.org,\nlegal@example.org,\nfine@example.org,subscribed\nelsewhere@example.org,Unsubscribed\ndead@example.org,cleaned\n"
		for again := range int64(2) {
			done, refused := w.bring(file)
			if done.Joined != 1-again || done.Already != again || done.KeptOff != 7 || done.Refused != 2 || len(refused) != 2 {
				t.Errorf("%+v, %q", done, refused)
			}
			for _, address := range []string{"left", "never", "bounced", "spam", "manual", "elsewhere", "dead"} {
				if one := w.show(address + "@example.org"); len(one.Lists) != 0 || !w.suppressed(address+"@example.org", supporter.Updates) {
					t.Errorf("%s is on %v", address, one.Lists)
				}
			}
			if ids := w.audience(supporter.Updates); strings.Count(ids, " ") != 0 || ids == "" {
				t.Errorf("the audience is %q", ids)
			}
		}
		for _, address := range []string{"notme@example.org", "legal@example.org"} {
			if _, ok, err := w.people.ByAddress(t.Context(), address); ok || err != nil {
				t.Errorf("%s was taken in (%v)", address, err)
			}
		}
		// The person comes back by themselves.
		who, _, err := w.people.ByAddress(t.Context(), "left@example.org")
		if err != nil {
			t.Fatal(err)
		}
		w.tick(who, supporter.Updates, true)
		w.tx(func(ctx context.Context, tx *db.Tx) error {
			return w.people.Confirmed(ctx, tx, who, supporter.Updates)
		})
		if one := w.show("left@example.org"); len(one.Lists) != 1 || w.suppressed("left@example.org", supporter.Updates) {
			t.Errorf("%+v", one.Lists)
		}
	})
}

// MAIL-C-4: who left elsewhere is kept off also when the file names them twice, when they come
// on no list at first, and when they are on the list here; and can still come back.
func TestMAIL_C_4_WhoLeftElsewhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring("email\nhere@example.org\nbounces@example.org\n")
		done, _ := w.bring("email,status\ntwice@example.org,subscribed\nTwice+x@example.org,unsubscribed\nhere@example.org,unsubscribed\nbounces@example.org,cleaned\n")
		if done.KeptOff != 3 || done.Joined != 0 || done.Twice != 1 {
			t.Errorf("%+v", done)
		}
		in, err := peoplefile.Open(strings.NewReader("email,status\nlater@example.org,unsubscribed\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.people.Import(t.Context(), in, supporter.Import{Basis: basis, List: supporter.Record, Who: "test"})
		if err != nil {
			t.Fatal(err)
		}
		w.bring("email,status\nlater@example.org,subscribed\n")
		for _, name := range []string{"twice", "here", "bounces", "later"} {
			address := name + "@example.org"
			if one := w.show(address); len(one.Lists) != 0 || !w.suppressed(address, supporter.Updates) {
				t.Errorf("%s is on %v; suppressed: %t", address, one.Lists, w.suppressed(address, supporter.Updates))
			}
		}
		who, _, err := w.people.ByAddress(t.Context(), "here@example.org")
		if err != nil {
			t.Fatal(err)
		}
		w.tick(who, supporter.Updates, false)
		if link, err := w.people.JoinLink(t.Context(), who.ID); link.Link == "" || err != nil {
			t.Errorf("a new tick is not asked to be confirmed; %v", err)
		}
	})
}

// What goes out comes in again as it was, in both formats, on another installation.
func TestExportThenImportIsTheSame(t *testing.T) {
	t.Parallel()
	name := rapid.OneOf(
		rapid.StringMatching(`[=+\-@|%'"; ,a-zé]{0,3}[A-Za-zé]{1,6}`),
		rapid.SampledFrom([]string{"=1+1", "'=x", "''-y", "＝SUM(A1)", "a;=cmd", "|calc", "O'Brien", "a\"b", `"=x"`, "@me", "- -"}),
	)
	rapid.Check(t, func(rt *rapid.T) {
		from, to := newWorld(t, dbtest.New(t)), newWorld(t, dbtest.New(t))
		n := rapid.IntRange(0, 6).Draw(rt, "people")
		people := make([]peoplefile.Record, n)
		for i := range people {
			people[i].Email = fmt.Sprintf("p%d@example.org", i)
			people[i].First, people[i].Last = strings.Join(strings.Fields(name.Draw(rt, "first")), " "), strings.Join(strings.Fields(name.Draw(rt, "last")), " ")
			people[i].State, people[i].ZIP = rapid.SampledFrom([]string{"TX", "CA", ""}).Draw(rt, "state"), rapid.SampledFrom([]string{"01234", "78701", ""}).Draw(rt, "zip")
			people[i].Lang, people[i].Source = rapid.SampledFrom([]string{"en", "es", ""}).Draw(rt, "lang"), rapid.SampledFrom([]string{"facebook/ad", "ref:x", ""}).Draw(rt, "source")
			people[i].Tags = rapid.SampledFrom([][]string{nil, {"a b"}, {"=x", "y"}}).Draw(rt, "tags")
			people[i].Status = rapid.SampledFrom([]peoplefile.Status{peoplefile.Fine, peoplefile.Outside, peoplefile.Unsubscribed, peoplefile.Bounced, peoplefile.Complained}).Draw(rt, "status")
			if text := strings.Join(strings.Fields(name.Draw(rt, "employer")), " "); text != "" {
				people[i].Custom = map[string]string{"employer": text}
			}
		}
		var file bytes.Buffer
		writer := peoplefile.NewJSON(&file)
		if err := writer.Write(people); err != nil {
			rt.Fatal(err)
		}
		if err := writer.Close(); err != nil {
			rt.Fatal(err)
		}
		if n > 0 {
			from.bring(file.String())
		}
		for _, format := range []string{"csv", "json"} {
			out := from.export(format)
			if n > 0 {
				to.bring(out)
			}
			if a, b := plainPeople(from), plainPeople(to); a != b {
				rt.Fatalf("%s:\n%s\nbefore:\n%s\nafter:\n%s", format, out, a, b)
			}
		}
	})
}

// plainPeople are all people without what an installation makes up itself.
func plainPeople(w *world) string {
	w.Helper()
	s, err := segment.Parse("everyone")
	if err != nil {
		w.Fatal(err)
	}
	var lines []string
	_, err = w.people.Export(w.Context(), w.segments(), s, "ada", func(people []peoplefile.Record) error {
		for _, p := range people {
			p.ID = ""
			lines = append(lines, fmt.Sprintf("%q", fmt.Sprint(p.Person, p.District)))
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring("email,first_name,last_name,zip,tags\nann@example.org,Ann,Lee,78701,a\nann@work.example,ann,LEE,78701,b\nbob@example.org,Bob,Lee,78701,\n")
		kept, gone := w.show("ann@example.org"), w.show("ann@work.example")
		everyone, err := segment.Parse("everyone")
		if err != nil {
			t.Fatal(err)
		}
		groups, err := w.people.Duplicates(t.Context(), w.segments(), everyone, 10, "ada")
		if err != nil || len(groups) != 1 || len(groups[0]) != 2 {
			t.Fatalf("%+v, %v", groups, err)
		}
		w.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertRows(ctx, db.Insert{Table: "submissions", Columns: strings.Fields("id key campaign_id campaign_version supporter_id person created_at")},
				[][]any{{"s", "s", w.water.ID, int64(1), gone.ID, "s", stamp.Of(noon)}})
			return err
		})
		if err := w.people.Suppress(t.Context(), "ann@work.example", supporter.Everything, supporter.Complaint, "test"); err != nil {
			t.Fatal(err)
		}
		if err := w.people.Merge(t.Context(), kept.ID, gone.ID, "ada"); err != nil {
			t.Fatal(err)
		}
		ann := w.show(kept.ID)
		if len(ann.Acts) != 1 || !slices.Equal(ann.Tags, []string{"a", "b"}) || len(ann.Consents) != 2 || len(ann.Lists) != 0 || !w.suppressed("ann@example.org", supporter.Updates) {
			t.Errorf("%+v", ann)
		}
		if _, err := w.people.Show(t.Context(), w.store, gone.ID, "ada"); !fault.Is(err, fault.NotFound) {
			t.Errorf("the one who goes is still there: %v", err)
		}
		if n, err := w.segments().Count(t.Context(), everyone); n != 2 || err != nil {
			t.Errorf("%d people, %v", n, err)
		}
		for _, wrong := range [][2]string{{kept.ID, kept.ID}, {kept.ID, gone.ID}, {gone.ID, kept.ID}} {
			if err := w.people.Merge(t.Context(), wrong[0], wrong[1], "ada"); err == nil {
				t.Errorf("%v are merged", wrong)
			}
		}
		entries, err := audit.List(t.Context(), d, audit.Page{Limit: 100, Subject: kept.ID})
		if err != nil || !slices.ContainsFunc(entries, func(e audit.Entry) bool { return e.Action == audit.PersonMerge && e.Detail == gone.ID }) {
			t.Errorf("%+v, %v", entries, err)
		}
	})
}

func TestTag(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.bring("email,zip\nann@example.org,78701\nbob@example.org,10001\n")
		texas, err := segment.Parse("zip = 787*")
		if err != nil {
			t.Fatal(err)
		}
		for _, take := range []bool{false, true} {
			for range 2 {
				if n, err := w.people.Tag(t.Context(), w.segments(), texas, "  Key Volunteer ", take, "ada"); n != 1 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			}
			tagged, err := segment.Parse(`tag = "key volunteer"`)
			if err != nil {
				t.Fatal(err)
			}
			want := int64(1)
			if take {
				want = 0
			}
			if n, err := w.segments().Count(t.Context(), tagged); n != want || err != nil {
				t.Errorf("%d are tagged, %v", n, err)
			}
		}
		if _, err := w.people.Tag(t.Context(), w.segments(), texas, " ", false, "ada"); !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
	})
}

// TestImportOfPeopleWhoStandFarApart: batches that are taken in at once hold the same people, in
// another order, and neither waits for the other for ever; who is refused is told in order.
func TestImportOfPeopleWhoStandFarApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const batch = 4000
		w := newWorld(t, d)
		lines := make([]string, 4*batch)
		for i := range batch {
			for part := range 4 {
				at := part*batch + i
				if part%2 == 1 {
					at = (part+1)*batch - 1 - i
				}
				lines[at] = fmt.Sprintf("person%d@example.org,bounced,t%d", i, part)
			}
		}
		lines[1], lines[3*batch] = "nobody", "nobody either"
		done, refused := w.bring("email,status,tags\n" + strings.Join(lines, "\n") + "\n")
		if done.People != 4*batch || done.New != batch || done.Known != 3*batch-2 || done.Refused != 2 || done.Joined != 0 || done.KeptOff != 4*batch-2 {
			t.Errorf("%+v", done)
		}
		if len(refused) != 2 || !strings.HasPrefix(refused[0], "3: ") || !strings.HasPrefix(refused[1], fmt.Sprintf("%d: ", 3*batch+2)) {
			t.Errorf("%q", refused)
		}
		if one := w.show("person7@example.org"); len(one.Consents) != 1 || !slices.Equal(one.Tags, []string{"t0", "t1", "t2", "t3"}) {
			t.Errorf("%+v", one)
		}
	})
}

// TestImportTellsWhoCameOnTheList: who was on the list before, who had ticked its box without
// confirming it, and who is kept off are told apart, and a dry run says the same, also of people
// who stand in the file far apart.
func TestImportTellsWhoCameOnTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.member("member@example.org")
		w.member("outsider@example.org")
		w.tick(w.add("ticked@example.org"), supporter.Updates, false)
		w.leave(w.member("left@example.org"), supporter.Updates)
		w.now = w.now.Add(time.Hour)
		lines := []string{
			"email,status", "member@example.org,", "outsider@example.org,not subscribed", "ticked@example.org,", "left@example.org,", "new@example.org,",
			"elsewhere@example.org,unsubscribed", "later@example.org,not subscribed", "gone@example.org,", "none@example.org,not subscribed", "away@example.org,unsubscribed",
		}
		for i := range 4000 { // so many go together
			lines = append(lines, fmt.Sprintf("person%d@example.org,bounced", i))
		}
		lines = append(lines, "member@example.org,", "new@example.org,not subscribed", "new+x@example.org,", "later@example.org,", "gone@example.org,cleaned", "away@example.org,")
		file := strings.Join(lines, "\n") + "\n"
		want := supporter.Imported{
			People: 4016, New: 4006, Known: 9, Twice: 1,
			Joined:  4, // ticked, new, gone, and later from its second row on
			Ticked:  1,
			Already: 4,        // member, outsider; member and new far below
			KeptOff: 4000 + 7, // left, elsewhere, later, none, away; gone and away below
		}
		for _, dry := range []bool{true, false} {
			done, _ := w.bring(file, func(o *supporter.Import) { o.DryRun = dry })
			done.ID = ""
			if done != want {
				t.Errorf("dry: %t\n%+v, want\n%+v", dry, done, want)
			}
		}
		for address, on := range map[string]bool{"ticked": true, "outsider": true, "new": true, "later": true, "gone": false, "away": false, "left": false, "none": false} {
			if got := len(w.show(address+"@example.org").Lists) == 1; got != on {
				t.Errorf("%s is on the list: %t", address, got)
			}
		}
	})
}
