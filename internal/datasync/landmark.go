package datasync

import "github.com/franklin-letters/franklin/congress"

// Landmark is a place whose state everybody knows, and sometimes its district. It tells
// lines that are upside down, mixed up or of another plan, whatever their checksums say.
type Landmark struct {
	Name     string
	Lat, Lon float64 // degrees, well inside the city
	State    congress.State
	Congress congress.Number // with District: whose lines put the place there; 0 for all
	District uint8
}

// Landmarks are one place for each of the 56 states and territories, and some whose
// district is known. They were written down from maps, not from the data they try.
func Landmarks() []Landmark {
	return append(districtLandmarks(), []Landmark{
		{Name: "Montgomery", Lat: 32.377, Lon: -86.300, State: "AL"},
		{Name: "Anchorage", Lat: 61.195, Lon: -149.880, State: "AK"},
		{Name: "Phoenix", Lat: 33.448, Lon: -112.074, State: "AZ"},
		{Name: "Little Rock", Lat: 34.740, Lon: -92.300, State: "AR"},
		{Name: "Sacramento", Lat: 38.575, Lon: -121.480, State: "CA"},
		{Name: "Denver", Lat: 39.739, Lon: -104.985, State: "CO"},
		{Name: "Hartford", Lat: 41.764, Lon: -72.685, State: "CT"},
		{Name: "Dover", Lat: 39.158, Lon: -75.524, State: "DE"},
		{Name: "Orlando", Lat: 28.538, Lon: -81.379, State: "FL"},
		{Name: "Atlanta", Lat: 33.749, Lon: -84.388, State: "GA"},
		{Name: "Honolulu", Lat: 21.310, Lon: -157.850, State: "HI"},
		{Name: "Boise", Lat: 43.615, Lon: -116.202, State: "ID"},
		{Name: "Springfield", Lat: 39.800, Lon: -89.650, State: "IL"},
		{Name: "Indianapolis", Lat: 39.768, Lon: -86.158, State: "IN"},
		{Name: "Des Moines", Lat: 41.587, Lon: -93.625, State: "IA"},
		{Name: "Wichita", Lat: 37.687, Lon: -97.330, State: "KS"},
		{Name: "Lexington", Lat: 38.040, Lon: -84.500, State: "KY"},
		{Name: "Baton Rouge", Lat: 30.451, Lon: -91.150, State: "LA"},
		{Name: "Augusta", Lat: 44.320, Lon: -69.765, State: "ME"},
		{Name: "Baltimore", Lat: 39.290, Lon: -76.612, State: "MD"},
		{Name: "Boston", Lat: 42.358, Lon: -71.062, State: "MA"},
		{Name: "Lansing", Lat: 42.733, Lon: -84.555, State: "MI"},
		{Name: "Minneapolis", Lat: 44.977, Lon: -93.265, State: "MN"},
		{Name: "Jackson", Lat: 32.299, Lon: -90.185, State: "MS"},
		{Name: "Columbia", Lat: 38.950, Lon: -92.330, State: "MO"},
		{Name: "Helena", Lat: 46.590, Lon: -112.030, State: "MT"},
		{Name: "Lincoln", Lat: 40.810, Lon: -96.690, State: "NE"},
		{Name: "Las Vegas", Lat: 36.170, Lon: -115.140, State: "NV"},
		{Name: "Concord", Lat: 43.207, Lon: -71.538, State: "NH"},
		{Name: "Trenton", Lat: 40.220, Lon: -74.755, State: "NJ"},
		{Name: "Albuquerque", Lat: 35.085, Lon: -106.650, State: "NM"},
		{Name: "Albany", Lat: 42.653, Lon: -73.760, State: "NY"},
		{Name: "Raleigh", Lat: 35.780, Lon: -78.640, State: "NC"},
		{Name: "Bismarck", Lat: 46.808, Lon: -100.780, State: "ND"},
		{Name: "Columbus", Lat: 39.962, Lon: -83.000, State: "OH"},
		{Name: "Oklahoma City", Lat: 35.468, Lon: -97.516, State: "OK"},
		{Name: "Salem", Lat: 44.940, Lon: -123.030, State: "OR"},
		{Name: "Harrisburg", Lat: 40.270, Lon: -76.880, State: "PA"},
		{Name: "Providence", Lat: 41.824, Lon: -71.415, State: "RI"},
		{Name: "Columbia", Lat: 34.000, Lon: -81.035, State: "SC"},
		{Name: "Pierre", Lat: 44.368, Lon: -100.345, State: "SD"},
		{Name: "Nashville", Lat: 36.163, Lon: -86.781, State: "TN"},
		{Name: "Austin", Lat: 30.267, Lon: -97.743, State: "TX"},
		{Name: "Salt Lake City", Lat: 40.760, Lon: -111.890, State: "UT"},
		{Name: "Montpelier", Lat: 44.260, Lon: -72.575, State: "VT"},
		{Name: "Richmond", Lat: 37.541, Lon: -77.436, State: "VA"},
		{Name: "Olympia", Lat: 47.038, Lon: -122.900, State: "WA"},
		{Name: "Charleston", Lat: 38.350, Lon: -81.633, State: "WV"},
		{Name: "Madison", Lat: 43.073, Lon: -89.401, State: "WI"},
		{Name: "Cheyenne", Lat: 41.140, Lon: -104.820, State: "WY"},
		{Name: "Washington", Lat: 38.905, Lon: -77.030, State: "DC"},
		{Name: "San Juan", Lat: 18.400, Lon: -66.060, State: "PR"},
		{Name: "Charlotte Amalie", Lat: 18.345, Lon: -64.930, State: "VI"},
		{Name: "Hagåtña", Lat: 13.470, Lon: 144.750, State: "GU"},
		{Name: "Saipan", Lat: 15.190, Lon: 145.750, State: "MP"},
		{Name: "Pago Pago", Lat: -14.280, Lon: -170.700, State: "AS"},
	}...)
}

// districtLandmarks are cities that change districts when the lines do. Kansas City stays:
// Missouri elected on its lines of 2022.
func districtLandmarks() []Landmark {
	return []Landmark{
		{Name: "Austin", Lat: 30.267, Lon: -97.743, State: "TX", Congress: 119, District: 37},
		{Name: "Nashville", Lat: 36.163, Lon: -86.781, State: "TN", Congress: 119, District: 7},
		{Name: "Baton Rouge", Lat: 30.451, Lon: -91.150, State: "LA", Congress: 119, District: 6},
		{Name: "Kansas City", Lat: 39.100, Lon: -94.580, State: "MO", Congress: 119, District: 5},
		{Name: "Austin", Lat: 30.267, Lon: -97.743, State: "TX", Congress: 120, District: 10},
		{Name: "Nashville", Lat: 36.163, Lon: -86.781, State: "TN", Congress: 120, District: 6},
		{Name: "Baton Rouge", Lat: 30.451, Lon: -91.150, State: "LA", Congress: 120, District: 2},
	}
}
