package paper

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/dejavu/dejavuserif"
	"github.com/go-fonts/dejavu/dejavuserifbold"
)

// Batch is what one file holds: letters of one campaign to one office.
type Batch struct {
	ID           string
	Made         time.Time // in the zone of the date to be printed
	Organization string    // who runs the campaign
	Campaign     string    // its title
	Office       string    // "Rep. Greg Stanton"
	Place        string    // "Arizona's 4th District"
	Code         string    // HAZ04
	To           []string  // the office's postal address, one line each
	Phone        string    // of the office
	Letters      []Letter
}

// Letter is one letter as it stands on paper.
type Letter struct {
	From    []string // the writer's name and address, one line each
	Date    time.Time
	Subject string
	Text    string // lines and empty lines as the writer sees them
	Name    string // under the text
	Number  string // the delivery number
}

// The sheet is US Letter; lengths are in millimetres, sizes of type in points.
const (
	sheetWidth = 215.9
	margin     = 25.4
	textWidth  = sheetWidth - 2*margin
	bottom     = 24.0

	family   = "serif"
	textSize = 11.0
	lineText = 5.6
	noteSize = 8.5
	lineNote = 4.4
)

// page is a PDF that is being written.
type page struct {
	*fpdf.Fpdf

	batch Batch
	face  typeface
	foot  string
}

// Write writes the batch as a PDF. The same batch always makes the same bytes.
func Write(w io.Writer, b Batch) error {
	face, err := newTypeface()
	if err != nil {
		return err
	}
	p := &page{Fpdf: fpdf.New("P", "mm", "Letter", ""), batch: b, face: face}
	p.SetCreationDate(b.Made.UTC())
	p.SetModificationDate(b.Made.UTC())
	p.SetCatalogSort(true)
	p.SetTitle("Letters to "+b.Office, true)
	p.SetAuthor(b.Organization, true)
	p.SetLang("en-US")
	p.AddUTF8FontFromBytes(family, "", dejavuserif.TTF)
	p.AddUTF8FontFromBytes(family, "B", dejavuserifbold.TTF)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(true, bottom)
	p.SetFooterFunc(p.footer)
	p.cover()
	for i, l := range b.Letters {
		p.letter(i+1, l)
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("write the letters as a PDF: %w", err)
	}
	return nil
}

// say writes a paragraph of one style and moves below it.
func (p *page) say(style string, size, line float64, text string) {
	p.SetFont(family, style, size)
	p.MultiCell(textWidth, line, p.face.printable(text), "", "L", false)
}

func (p *page) gray() { p.SetTextColor(90, 90, 90) }

func (p *page) black() { p.SetTextColor(0, 0, 0) }

// footer names the letter on each of its pages, so that a dropped pile can be sorted.
func (p *page) footer() {
	p.SetY(-bottom + 8)
	p.gray()
	p.SetFont(family, "", noteSize)
	p.CellFormat(textWidth, lineNote, p.face.printable(p.foot), "", 0, "L", false, 0, "")
	p.black()
}

// rule draws a thin line across the text.
func (p *page) rule() {
	p.SetDrawColor(150, 150, 150)
	p.SetLineWidth(0.2)
	p.Line(margin, p.GetY(), sheetWidth-margin, p.GetY())
}

func day(t time.Time) string { return t.Format("January 2, 2006") }
