// Every value goes to text and back; no text is taken that is not wholly a value.
#include "lib/config/field_list.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/enums.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

template <typename T>
T Parsed(std::string_view text) {
  T value{};
  ParseValue(text, &value);
  return value;
}

// Expects an Error whose message holds `part`, and `value` to stay as it is.
template <typename T>
void ExpectRefused(std::string_view text, T value, std::string_view part) {
  const T before = value;
  try {
    ParseValue(text, &value);
    ADD_FAILURE() << "took '" << text << "' as " << FormatValue(value);
  } catch (const Error& error) {
    EXPECT_NE(std::string_view(error.what()).find(part), std::string_view::npos) << error.what();
  }
  EXPECT_EQ(value, before) << "changed by the bad text '" << text << "'";
}

TEST(BoolValueTest, GoesBothWays) {
  for (const bool value : {false, true}) {
    EXPECT_EQ(Parsed<bool>(FormatValue(value)), value);
  }
  EXPECT_EQ(FormatValue(true), "true");
  EXPECT_EQ(FormatValue(false), "false");
}

TEST(BoolValueTest, RefusesOtherTexts) {
  for (const char* text : {"", "1", "0", "True", "yes", "true ", " true", "truefalse", "true\n"}) {
    ExpectRefused<bool>(text, true, "neither true nor false");
    ExpectRefused<bool>(text, false, "neither true nor false");
  }
}

TEST(IntValueTest, GoesBothWays) {
  Stream stream(1, "test/int_value");
  std::vector<int64_t> values = {0, 1, -1, std::numeric_limits<int64_t>::min(),
                                 std::numeric_limits<int64_t>::max()};
  for (int i = 0; i < 1000; ++i) {
    const auto bits = static_cast<int64_t>(stream.NextU64());
    values.push_back(bits >> stream.UniformInt(0, 63));
  }
  for (const int64_t value : values) {
    EXPECT_EQ(Parsed<int64_t>(FormatValue(value)), value);
  }
  EXPECT_EQ(FormatValue(int64_t{200'000}), "200000") << "no digit groups";
}

TEST(IntValueTest, RefusesOtherTexts) {
  for (const char* text :
       {"", " ", "1.0", "1e3", "0x10", "9223372036854775808", "-9223372036854775809", "12a", "12 ",
        " 12", "+12", "1,2", "nan", "inf", "true", "1\nseed = 2", "1\n"}) {
    ExpectRefused<int64_t>(text, 7, "is not a whole number");
  }
}

TEST(DoubleValueTest, GivesTheShortestDigits) {
  EXPECT_EQ(FormatValue(0.1), "0.1");
  EXPECT_EQ(FormatValue(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(FormatValue(1e-5), "1e-05");
  EXPECT_EQ(FormatValue(5e-4), "0.0005");
  EXPECT_EQ(FormatValue(1.0), "1");
  EXPECT_EQ(FormatValue(-0.25), "-0.25");
  EXPECT_EQ(FormatValue(0.999), "0.999");
  EXPECT_EQ(FormatValue(1e300), "1e+300");
}

TEST(DoubleValueTest, GoesBothWaysBitForBit) {
  Stream stream(1, "test/double_value");
  std::vector<double> values = {0.0,
                                -0.0,
                                std::numeric_limits<double>::min(),
                                std::numeric_limits<double>::max(),
                                std::numeric_limits<double>::denorm_min(),
                                std::numeric_limits<double>::epsilon(),
                                std::numeric_limits<double>::infinity(),
                                -std::numeric_limits<double>::infinity()};
  for (int i = 0; i < 10'000; ++i) {
    const auto any = std::bit_cast<double>(stream.NextU64());
    values.push_back(std::isnan(any) ? 1.5 : any);
    values.push_back(stream.Normal());
  }
  for (const double value : values) {
    const auto back = Parsed<double>(FormatValue(value));
    ASSERT_EQ(std::bit_cast<uint64_t>(back), std::bit_cast<uint64_t>(value)) << FormatValue(value);
  }
  EXPECT_TRUE(std::isnan(Parsed<double>(FormatValue(std::numeric_limits<double>::quiet_NaN()))));
}

TEST(DoubleValueTest, RefusesOtherTexts) {
  for (const char* text : {"", " ", "1,5", "1e400", "-1e400", "1e", "0x1p-3", "0.5f", "0.5 ",
                           " 0.5", "+0.5", "--1", "1e-5\nseed = 2", "five", "true", "0.5;"}) {
    ExpectRefused<double>(text, 0.5, "is not a number");
  }
}

TEST(DoubleValueTest, ADecimalCommaIsToldAsOne) {
  ExpectRefused<double>("0,3", 0.5, "'0,3' is not a number; did you mean 0.3?");
}

TEST(StringValueTest, GoesBothWays) {
  for (const char* text : {"", "a", "a b", "name = value", "\xc3\xa4", "\t"}) {
    EXPECT_EQ(Parsed<std::string>(FormatValue(std::string(text))), text);
  }
}

// It would pose as further fields of the canonical form.
TEST(StringValueTest, RefusesLineBreaks) {
  for (const char* text : {"\n", "a\n", "a\nseed = 2", "a\rb", "\r\n"}) {
    ExpectRefused<std::string>(text, "before", "line break");
  }
}

TEST(IntListValueTest, GoesBothWays) {
  using List = std::vector<int64_t>;
  for (const List& list :
       {List{}, List{0}, List{1, 2, 3}, List{-5, 5},
        List{std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}}) {
    EXPECT_EQ(Parsed<List>(FormatValue(list)), list);
  }
  EXPECT_EQ(FormatValue(List{1, 2, 3}), "1,2,3");
  EXPECT_EQ(FormatValue(List{}), "");
  EXPECT_EQ(Parsed<List>(" 1 , 2 "), (List{1, 2})) << "spaces around the parts do not count";
  EXPECT_EQ(Parsed<List>("  "), List{});
}

TEST(IntListValueTest, ReplacesWhatWasThere) {
  std::vector<int64_t> value = {7, 8, 9};
  ParseValue("1", &value);
  EXPECT_EQ(value, std::vector<int64_t>{1});
  ParseValue("", &value);
  EXPECT_TRUE(value.empty());
}

TEST(IntListValueTest, RefusesOtherTexts) {
  for (const char* text : {",", "1,", ",1", "1,,2", "1;2", "1 2", "1,a", "1,2.5",
                           "1,99999999999999999999", "[1,2]", "1,2\nseed = 2"}) {
    ExpectRefused<std::vector<int64_t>>(text, {7, 8}, "is not a whole number");
  }
}

TEST(StringListValueTest, GoesBothWays) {
  using List = std::vector<std::string>;
  for (const List& list : {List{}, List{"a"}, List{"11-13", "13-11"}, List{"a b", "c"}}) {
    EXPECT_EQ(Parsed<List>(FormatValue(list)), list);
  }
  EXPECT_EQ(FormatValue(List{"11-13", "13-11"}), "11-13,13-11");
  EXPECT_EQ(Parsed<List>(" a , b "), (List{"a", "b"}));
}

TEST(StringListValueTest, RefusesLineBreaks) {
  for (const char* text : {"a\nb", "a,b\nseed = 2", "a\rb,c"}) {
    ExpectRefused<std::vector<std::string>>(text, {"before"}, "line break");
  }
}

TEST(EnumValueTest, GoesBothWays) {
  for (const Bias value : {Bias::kZero, Bias::kTorchDefault, Bias::kNone}) {
    EXPECT_EQ(Parsed<Bias>(FormatValue(value)), value);
  }
  EXPECT_EQ(FormatValue(Bias::kTorchDefault), "torch_default");
}

TEST(EnumValueTest, RefusesOtherTextsAndListsTheNames) {
  for (const char* text :
       {"", "Zero", "zero ", "0", "pre", "torch", "zero\nseed = 2", "zero,none"}) {
    ExpectRefused<Bias>(text, Bias::kTorchDefault, "is none of zero, torch_default, none");
  }
}

struct Settings {
  int64_t width = 3;
  double rate = 0.5;
  Norm norm = Norm::kPre;
  std::vector<std::string> names = {"a", "b"};
};

FieldList ListOf(Settings& settings) {
  FieldList list;
  list.Add("width", &settings.width, "how wide");
  list.Section("inner");
  list.Add("rate", &settings.rate, "how fast", "nobody said");
  list.Add("norm", &settings.norm, "which");
  list.Section("outer");
  list.Add("names", &settings.names, "of what");
  return list;
}

TEST(FieldListTest, KeepsOrderNamesAndWords) {
  Settings settings;
  const FieldList list = ListOf(settings);
  std::vector<std::string> names;
  for (const Field& field : list) {
    names.push_back(field.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"width", "inner.rate", "inner.norm", "outer.names"}));
  EXPECT_EQ(list.Find("inner.rate")->doc, "how fast");
  EXPECT_EQ(list.Find("inner.rate")->open, "nobody said");
  EXPECT_EQ(list.Find("width")->open, "");
}

TEST(FieldListTest, ReadsAndWritesTheStruct) {
  Settings settings;
  const FieldList list = ListOf(settings);
  EXPECT_EQ(list.Find("width")->get(), "3");
  EXPECT_EQ(list.Find("inner.norm")->get(), "pre");
  EXPECT_EQ(list.Find("outer.names")->get(), "a,b");
  list.Find("width")->parse("12");
  list.Find("inner.rate")->parse("0.75");
  list.Find("inner.norm")->parse("none");
  list.Find("outer.names")->parse("x");
  EXPECT_EQ(settings.width, 12);
  EXPECT_EQ(settings.rate, 0.75);
  EXPECT_EQ(settings.norm, Norm::kNone);
  EXPECT_EQ(settings.names, std::vector<std::string>{"x"});
  settings.width = 5;
  EXPECT_EQ(list.Find("width")->get(), "5") << "a list shows the struct as it is now";
}

TEST(FieldListTest, IdleFieldsAreFoundAndNoPartOfTheList) {
  Settings settings;
  FieldList list;
  list.Section("inner");
  list.InEffect(false);
  list.Add("rate", &settings.rate, "how fast");
  list.InEffect(true);
  list.Add("width", &settings.width, "how wide");
  list.InEffect(false);
  list.Section("outer");  // begins with effect
  list.Add("norm", &settings.norm, "which");
  std::vector<std::string> names;
  for (const Field& field : list) {
    names.push_back(field.name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"inner.width", "outer.norm"}));
  ASSERT_EQ(list.idle().size(), 1U);
  EXPECT_EQ(list.idle()[0].name, "inner.rate");
  ASSERT_NE(list.Find("inner.rate"), nullptr);
  list.Find("inner.rate")->parse("0.25");
  EXPECT_EQ(settings.rate, 0.25);
}

TEST(FieldListTest, FindsWholeNamesOnly) {
  Settings settings;
  const FieldList list = ListOf(settings);
  for (const char* name : {"", "rate", "inner", "inner.", "inner.rat", "inner.rates", "Width"}) {
    EXPECT_EQ(list.Find(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace initbias
