/*-------------------------------------------------------------------------
 * model/inflection.c
 *		English plurals and singulars, and the case of names.
 *
 * What is inflected is the last word of a name: BlogEntry, blog_entry.  Words
 * that follow no rule stand in tables; a model whose name is none of these is
 * given its "name" by hand.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_collation.h"
#include "lib/stringinfo.h"
#include "model/inflection.h"
#include "utils/formatting.h"

typedef struct Irregular
{
	const char *singular;
	const char *plural;
} Irregular;

/* words of which no rule makes the other number, or the wrong one; of two that fit the first counts */
static const Irregular irregulars[] = {
	{"ache", "aches"}, {"addendum", "addenda"}, {"alga", "algae"}, {"alias", "aliases"},
	{"alumna", "alumnae"}, {"alumnus", "alumni"}, {"analysis", "analyses"},
	{"antithesis", "antitheses"}, {"appendix", "appendices"}, {"atlas", "atlases"},
	{"avalanche", "avalanches"}, {"axis", "axes"}, {"axe", "axes"}, {"bacillus", "bacilli"},
	{"backache", "backaches"}, {"bacterium", "bacteria"}, {"basis", "bases"}, {"bias", "biases"},
	{"birdie", "birdies"}, {"brownie", "brownies"}, {"buffalo", "buffaloes"}, {"bus", "buses"},
	{"butterfly", "butterflies"}, {"cache", "caches"}, {"cactus", "cacti"}, {"calf", "calves"},
	{"calorie", "calories"}, {"canoe", "canoes"}, {"canvas", "canvases"}, {"cookie", "cookies"},
	{"cosmos", "cosmos"}, {"crisis", "crises"}, {"criterion", "criteria"},
	{"curriculum", "curricula"}, {"datum", "data"}, {"diagnosis", "diagnoses"}, {"die", "dies"},
	{"domino", "dominoes"}, {"echo", "echoes"}, {"elf", "elves"}, {"embargo", "embargoes"},
	{"emphasis", "emphases"}, {"emu", "emus"}, {"epoch", "epochs"}, {"erratum", "errata"},
	{"excuse", "excuses"}, {"foe", "foes"}, {"foot", "feet"}, {"fungus", "fungi"},
	{"fuse", "fuses"}, {"gas", "gases"}, {"genie", "genies"}, {"genus", "genera"}, {"gnu", "gnus"},
	{"goose", "geese"}, {"guru", "gurus"}, {"half", "halves"}, {"headache", "headaches"},
	{"hero", "heroes"}, {"hoe", "hoes"}, {"hoodie", "hoodies"}, {"hypothesis", "hypotheses"},
	{"index", "indices"}, {"iris", "irises"}, {"knife", "knives"}, {"larva", "larvae"},
	{"leaf", "leaves"}, {"lens", "lenses"}, {"lie", "lies"}, {"life", "lives"}, {"loaf", "loaves"},
	{"louse", "lice"}, {"matrix", "matrices"}, {"medium", "media"}, {"memorandum", "memoranda"},
	{"menu", "menus"}, {"monarch", "monarchs"}, {"mosquito", "mosquitoes"}, {"mouse", "mice"},
	{"move", "moves"}, {"movie", "movies"}, {"muse", "muses"}, {"mustache", "mustaches"},
	{"neurosis", "neuroses"}, {"niche", "niches"}, {"nucleus", "nuclei"}, {"oasis", "oases"},
	{"ovum", "ova"}, {"ox", "oxen"}, {"paralysis", "paralyses"}, {"parenthesis", "parentheses"},
	{"patriarch", "patriarchs"}, {"phenomenon", "phenomena"}, {"pie", "pies"},
	{"potato", "potatoes"}, {"prairie", "prairies"}, {"prognosis", "prognoses"},
	{"quiz", "quizzes"}, {"rookie", "rookies"}, {"scarf", "scarves"}, {"selfie", "selfies"},
	{"self", "selves"}, {"sex", "sexes"}, {"sheaf", "sheaves"}, {"shelf", "shelves"},
	{"shoe", "shoes"}, {"stimulus", "stimuli"}, {"stomach", "stomachs"}, {"stratum", "strata"},
	{"syllabus", "syllabi"}, {"synopsis", "synopses"}, {"synthesis", "syntheses"},
	{"tech", "techs"}, {"thesis", "theses"}, {"thief", "thieves"}, {"tie", "ties"}, {"toe", "toes"},
	{"tomato", "tomatoes"}, {"tooth", "teeth"}, {"tornado", "tornadoes"}, {"torpedo", "torpedoes"},
	{"use", "uses"}, {"vertebra", "vertebrae"}, {"vertex", "vertices"}, {"veto", "vetoes"},
	{"volcano", "volcanoes"}, {"vortex", "vortices"}, {"wharf", "wharves"}, {"wife", "wives"},
	{"wolf", "wolves"}, {"zombie", "zombies"}
};

/* words that make compounds which are inflected like them: grandchild, salesperson */
static const Irregular heads[] = {
	{"child", "children"}, {"man", "men"}, {"person", "people"}
};

/* words that only end as a head does */
static const char *const headless[] = {
	"caiman", "german", "human", "norman", "ottoman", "roman", "shaman", "talisman"
};

/* words that are the same in both numbers */
static const char *const invariable[] = {
	"advice", "aid", "aircraft", "baggage", "bison", "cattle", "chaos", "chassis", "chess",
	"clothing", "corps", "crossroads", "debris", "deer", "economics", "education", "electricity",
	"engineering", "equipment", "ethics", "evidence", "feedback", "fish", "furniture", "gallows",
	"gold", "hardware", "headquarters", "health", "help", "homework", "information", "jeans",
	"knowledge", "lava", "logic", "luggage", "machinery", "magic", "mathematics", "metadata",
	"money", "moose", "music", "nature", "news", "nutrition", "offspring", "physics", "poetry",
	"police", "politics", "punctuation", "rain", "research", "rice", "safety", "salmon",
	"scissors", "series", "sheep", "shrimp", "software", "species", "statistics", "stuff",
	"swine", "tennis", "traffic", "trousers", "trout", "trust", "tuna", "weather", "wheat",
	"wildlife"
};

static bool
is_in(const char *word, const char *const *list, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(word, list[i]) == 0)
			return true;
	}
	return false;
}

static bool
ends_with(const char *word, const char *end)
{
	int			len = strlen(word);
	int			end_len = strlen(end);

	return len >= end_len && strcmp(word + len - end_len, end) == 0;
}

/* The word with another ending in place of its last n letters. */
static char *
with_ending(const char *word, int n, const char *ending)
{
	Assert(n >= 0 && n <= (int) strlen(word));
	return psprintf("%.*s%s", (int) strlen(word) - n, word, ending);
}

static bool
is_vowel(char c)
{
	return strchr("aeiou", c) != NULL && c != '\0';
}

/* The letter that stands n places before the end, or '\0'. */
static char
letter(const char *word, int n)
{
	int			len = strlen(word);

	return n < len ? word[len - 1 - n] : '\0';
}

/* The number of an irregular word that is asked for, or NULL for a regular one. */
static char *
inflect_irregular(const char *word, bool plural)
{
	if (is_in(word, invariable, lengthof(invariable)))
		return pstrdup(word);

	for (int i = 0; i < lengthof(irregulars); i++)
	{
		const char *wanted = plural ? irregulars[i].plural : irregulars[i].singular;

		if (strcmp(word, irregulars[i].singular) == 0 || strcmp(word, irregulars[i].plural) == 0)
			return pstrdup(wanted);
	}
	for (int i = 0; i < lengthof(heads); i++)
	{
		const char *wanted = plural ? heads[i].plural : heads[i].singular;

		if (ends_with(word, heads[i].plural))
			return with_ending(word, strlen(heads[i].plural), wanted);
		if (ends_with(word, heads[i].singular) && !is_in(word, headless, lengthof(headless)))
			return with_ending(word, strlen(heads[i].singular), wanted);
	}
	return NULL;
}

/* The plural of a word in lower case; a word that looks like a plural stays. */
static char *
pluralize_word(const char *word)
{
	char	   *irregular = inflect_irregular(word, true);

	if (irregular != NULL)
		return irregular;
	if (ends_with(word, "sis"))
		return with_ending(word, 2, "es");
	if (ends_with(word, "ss") || ends_with(word, "us") || ends_with(word, "is") ||
		ends_with(word, "sh") || ends_with(word, "ch") || ends_with(word, "x") ||
		ends_with(word, "z"))
		return with_ending(word, 0, "es");
	if (ends_with(word, "s"))
		return pstrdup(word);
	if (ends_with(word, "y") && (!is_vowel(letter(word, 1)) || ends_with(word, "quy")))
		return with_ending(word, 1, "ies");
	return with_ending(word, 0, "s");
}

/* The singular of a word in lower case; a word that looks like a singular stays. */
static char *
singularize_word(const char *word)
{
	char	   *irregular = inflect_irregular(word, false);

	if (irregular != NULL)
		return irregular;
	if (!ends_with(word, "s") || word[1] == '\0' || ends_with(word, "ss") || ends_with(word, "us") ||
		ends_with(word, "is"))
		return pstrdup(word);
	if (ends_with(word, "ies") && strlen(word) > 4)
		return with_ending(word, 3, "y");
	if (ends_with(word, "sses") || ends_with(word, "shes") || ends_with(word, "ches") ||
		ends_with(word, "xes") || ends_with(word, "zzes") || ends_with(word, "tzes"))
		return with_ending(word, 2, "");
	if (ends_with(word, "uses") && letter(word, 4) != 'o' && letter(word, 4) != 'a')
		return with_ending(word, 2, "");
	return with_ending(word, 1, "");
}

/* Where the last word of a name begins: after a sign, or at a capital that follows a small letter. */
static int
last_word(const char *name)
{
	int			len = strlen(name);

	for (int i = len - 1; i > 0; i--)
	{
		if (name[i - 1] == '_' || name[i - 1] == '-' || name[i - 1] == ' ')
			return i;
		if (name[i] >= 'A' && name[i] <= 'Z' && !(name[i - 1] >= 'A' && name[i - 1] <= 'Z'))
			return i;
	}
	return 0;
}

/* Inflects the last word of a name; the letters that stay keep their case. */
static char *
inflect(const char *name, char *(*inflect_word) (const char *))
{
	int			begin = last_word(name);
	char	   *word = pstrdup(name + begin);
	char	   *inflected;
	int			same = 0;

	for (char *p = word; *p != '\0'; p++)
		*p = pg_ascii_tolower((unsigned char) *p);
	if (*word == '\0')
		return pstrdup(name);
	inflected = inflect_word(word);
	while (word[same] != '\0' && word[same] == inflected[same])
		same++;
	return psprintf("%.*s%s", begin + same, name, inflected + same);
}

/* The plural of a name; a plural stays as it is. */
char *
sd_pluralize(const char *name)
{
	return inflect(name, pluralize_word);
}

/* The singular of a name; a singular stays as it is. */
char *
sd_singularize(const char *name)
{
	return inflect(name, singularize_word);
}

/*
 * A name in snake case as Sequelize makes it: every capital letter begins a
 * word, so that userID is user_i_d.  Letters beyond ASCII get small as the database's
 * locale has it, those of ASCII in every locale alike: I is no dotless i in Turkish.
 */
char *
sd_underscore(const char *name)
{
	StringInfoData buf;
	char	   *result;

	initStringInfo(&buf);
	for (const char *p = name; *p != '\0'; p++)
	{
		if (*p >= 'A' && *p <= 'Z' && p != name)
			appendStringInfoChar(&buf, '_');
		appendStringInfoChar(&buf, pg_ascii_tolower((unsigned char) *p));
	}
	result = str_tolower(buf.data, buf.len, DEFAULT_COLLATION_OID);
	pfree(buf.data);
	return result;
}

/* A name as it stands in URLs: CourseNotes is course-notes. */
char *
sd_dasherize(const char *name)
{
	char	   *result = sd_underscore(name);

	for (char *p = result; *p != '\0'; p++)
	{
		if (*p == '_')
			*p = '-';
	}
	return result;
}

/* A name whose words are joined by capitals: user_id is userId, User_id is UserId. */
char *
sd_camelize(const char *name)
{
	StringInfoData buf;
	bool		capital = false;

	initStringInfo(&buf);
	for (const char *p = name; *p != '\0'; p++)
	{
		if (*p == '_' || *p == '-' || *p == ' ')
			capital = true;
		else
		{
			appendStringInfoChar(&buf, capital ? pg_ascii_toupper((unsigned char) *p) : *p);
			capital = false;
		}
	}
	return buf.data;
}
