package congress

import "strings"

// topics are the 32 subjects of the Library of Congress that a message may carry. Three
// of them contain commas, so a list of topics is never a comma-separated string.
var topics = []string{
	"Agriculture and Food", "Animals", "Armed Forces and National Security", "Arts, Culture, Religion",
	"Civil Rights and Liberties, Minority Issues", "Commerce", "Congress", "Crime and Law Enforcement",
	"Economics and Public Finance", "Education", "Emergency Management", "Energy", "Environmental Protection",
	"Families", "Finance and Financial Sector", "Foreign Trade and International Finance",
	"Government Operations and Politics", "Health", "Housing and Community Development", "Immigration",
	"International Affairs", "Labor and Employment", "Law", "Native Americans",
	"Public Lands and Natural Resources", "Science, Technology, Communications", "Social Sciences and History",
	"Social Welfare", "Sports and Recreation", "Taxation", "Transportation and Public Works",
	"Water Resources Development",
}

// Topics returns the 32 topics in alphabetical order, in the exact spelling that the
// message schema demands.
func Topics() []string { return append([]string(nil), topics...) }

// ParseTopic finds the topic that text names, in any case, and returns its exact spelling.
func ParseTopic(text string) (string, bool) {
	for _, t := range topics {
		if strings.EqualFold(t, strings.TrimSpace(text)) {
			return t, true
		}
	}
	return "", false
}
