package campaign

// head is the YAML between the two lines "---" at the top of a campaign file. Its tags
// are the fields that an author may write; docs/campaigns.md explains them.
type head struct {
	Title       string           `yaml:"title"`
	Slug        string           `yaml:"slug"`
	Formerly    []string         `yaml:"formerly"`
	Status      string           `yaml:"status"`
	Language    string           `yaml:"language"`
	Bill        string           `yaml:"bill"`
	Congress    int              `yaml:"congress"`
	BillTitle   string           `yaml:"bill_title"`
	Stance      string           `yaml:"stance"`
	Topics      []string         `yaml:"topics"`
	Targets     []string         `yaml:"targets"`
	Channels    []string         `yaml:"channels"`
	Goal        int              `yaml:"goal"`
	Steps       []int            `yaml:"steps"`
	Opens       string           `yaml:"opens"`
	Closes      string           `yaml:"closes"`
	Confirm     string           `yaml:"confirm"`
	Drip        string           `yaml:"drip"`
	Mails       headMails        `yaml:"mails"`
	Neutral     bool             `yaml:"neutral_subject"`
	Summary     string           `yaml:"summary"`
	ContentNote string           `yaml:"content_note"`
	HelpLine    string           `yaml:"help_line"`
	Letter      headLetter       `yaml:"letter"`
	OptIn       string           `yaml:"opt_in"`
	Partners    []headPartner    `yaml:"partners"`
	ThankYou    string           `yaml:"thank_you"`
	Share       string           `yaml:"share"`
	Outcome     *headOutcome     `yaml:"outcome"`
	Spanish     *headTranslation `yaml:"es"`
	English     *headTranslation `yaml:"en"`
}

type headLetter struct {
	Subject string `yaml:"subject"`
	Text    string `yaml:"text"`
}

type headPartner struct {
	Key     string            `yaml:"key"`
	Name    string            `yaml:"name"`
	Privacy string            `yaml:"privacy"`
	OptIn   string            `yaml:"opt_in"`
	Spanish *headPartnerWords `yaml:"es"`
	English *headPartnerWords `yaml:"en"`
}

type headPartnerWords struct {
	OptIn string `yaml:"opt_in"`
}

// headMails says which mails follow by themselves. What a file leaves out is as in asWritten.
type headMails struct {
	Welcome  bool `yaml:"welcome"`
	Reminder bool `yaml:"reminder"`
	Share    bool `yaml:"share"`
	Goal     bool `yaml:"goal"`
	Outcome  bool `yaml:"outcome"`
}

// asWritten is what holds where a file says nothing: the mails that people wait for are sent,
// those that only the author wants are not.
var asWritten = headMails{Welcome: true, Reminder: true, Outcome: true}

type headOutcome struct {
	Date    string `yaml:"date"`
	Summary string `yaml:"summary"`
	Text    string `yaml:"text"`
}

type headTranslation struct {
	Title          string `yaml:"title"`
	Summary        string `yaml:"summary"`
	Text           string `yaml:"text"`
	ContentNote    string `yaml:"content_note"`
	HelpLine       string `yaml:"help_line"`
	OptIn          string `yaml:"opt_in"`
	ThankYou       string `yaml:"thank_you"`
	Share          string `yaml:"share"`
	OutcomeSummary string `yaml:"outcome_summary"`
	OutcomeText    string `yaml:"outcome_text"`
}
