// Files of the store whose bytes are sound but whose objects are not as the schema has them: ones
// that are missing, of another type or size, with other values. They are refused, or what is read
// is whole: it is written and read as the same.
//
// An input is a byte that chooses the kind of file, and changes: how many objects and attributes
// are copied as they are before the next one is changed, and how.
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "lib/store/content_digest.h"
#include "lib/store/hdf5_file.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/store_samples.h"
#include "tests/fuzz/target.h"

namespace initbias::fuzz {
namespace {

std::string Child(const std::string& group, const std::string& name) {
  return group == "/" ? "/" + name : group + "/" + name;
}

// Copies a file object by object, and changes what the input says.
class Copier {
 public:
  Copier(const Hdf5File& from, Hdf5File* to, Choices* choices)
      : from_(from), to_(to), choices_(choices), keep_(NextKeep()) {}

  void Group(const std::string& path) {
    for (const std::string& name : from_.List(path)) {
      const std::string child = Child(path, name);
      const bool group = from_.IsGroup(child);
      if (Keeps()) {
        group ? to_->MakeGroup(child) : Data(child, child);
      } else if (!ChangeObject(child, group)) {
        continue;
      }
      if (group && to_->IsGroup(child)) {
        Group(child);
      }
      Attributes(child);
    }
  }

  void Attributes(const std::string& path) {
    for (const std::string& name : from_.ListAttributes(path)) {
      if (path == "/" && name == "digest") {
        continue;  // written anew for what the file then holds
      }
      if (Keeps()) {
        Attribute(path, name);
      } else {
        ChangeAttribute(path, name);
      }
    }
  }

 private:
  // So many are kept until the next change; all where the input has ended.
  size_t NextKeep() {
    constexpr size_t kMost = 256;
    return choices_->empty() ? std::numeric_limits<size_t>::max() : choices_->Below(kMost);
  }

  bool Keeps() {
    if (keep_ > 0) {
      --keep_;
      return true;
    }
    return false;
  }

  double Number() {
    constexpr double kNumbers[] = {0, -1, 1, 2, 1e308, 1e-320, 0.5, 3e9};
    const size_t i = choices_->Below(std::size(kNumbers) + 2);
    return i < std::size(kNumbers)    ? kNumbers[i]
           : i == std::size(kNumbers) ? std::numeric_limits<double>::infinity()
                                      : std::nan("");
  }

  int64_t Whole() {
    constexpr int64_t kNumbers[] = {
        0, -1, 1, 2, 100, std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()};
    return kNumbers[choices_->Below(std::size(kNumbers))];
  }

  std::vector<std::string> Texts() {
    constexpr size_t kMost = 4;
    std::vector<std::string> texts(choices_->Below(kMost));
    for (std::string& text : texts) {
      text = choices_->Until('\n');
    }
    return texts;
  }

  void Data(const std::string& source, const std::string& path) {
    switch (from_.TypeOf(source)) {
      case Hdf5File::Type::kInt:
        return to_->Write(path, from_.ReadInts(source), from_.Shape(source));
      case Hdf5File::Type::kFloat:
        return to_->Write(path, from_.ReadDoubles(source), from_.Shape(source));
      default:
        return to_->Write(path, from_.ReadStrings(source));
    }
  }

  // False where there is nothing at `path` then.
  bool ChangeObject(const std::string& path, bool group) {
    const size_t change = choices_->Below(8);
    const size_t size = choices_->Below(6);
    const auto length = static_cast<int64_t>(size);
    bool there = true;
    switch (change) {
      case 0:
        there = false;
        break;
      case 1:
        to_->MakeGroup(path);
        break;
      case 2:
        to_->Write(path, std::vector<double>(size, Number()), {length});
        break;
      case 3:
        to_->Write(path, std::vector<int64_t>(size, Whole()), {length});
        break;
      case 4:
        to_->Write(path, Texts());
        break;
      case 5:
        to_->Write(path, std::vector<float>(size, static_cast<float>(size)), {1, length, 1});
        break;
      case 6:
        to_->Write(path, std::vector<double>{Number()}, {});
        break;
      default:
        // Under another name.
        if (group) {
          to_->MakeGroup(path + "x");
        } else {
          Data(path, path + "x");
        }
        there = false;
    }
    keep_ = NextKeep();
    return there;
  }

  void Attribute(const std::string& path, const std::string& name) {
    std::vector<std::string> texts;
    if (!RefusalOf([&] { texts = from_.ReadStringsAttribute(path, name); })) {
      return texts.size() == 1 ? to_->WriteAttribute(path, name, texts.front())
                               : to_->WriteAttribute(path, name, texts);
    }
    int64_t whole = 0;
    if (!RefusalOf([&] { whole = from_.ReadIntAttribute(path, name); })) {
      return to_->WriteAttribute(path, name, whole);
    }
    to_->WriteAttribute(path, name, from_.ReadDoubleAttribute(path, name));
  }

  void ChangeAttribute(const std::string& path, const std::string& name) {
    switch (choices_->Below(7)) {
      case 0:
        break;
      case 1:
        to_->WriteAttribute(path, name, Whole());
        break;
      case 2:
        to_->WriteAttribute(path, name, Number());
        break;
      case 3:
        to_->WriteAttribute(path, name, Texts());
        break;
      case 4:
        to_->WriteAttribute(path, name, "");
        break;
      case 5: {
        constexpr size_t kTooLong = 70'000;  // for an attribute of HDF5
        if (to_->IsGroup(path)) {
          to_->WriteAttribute(path, name, std::string(kTooLong, 'x'));
        }
        break;
      }
      default:
        to_->WriteAttribute(path, name, choices_->Until('\n'));
    }
    keep_ = NextKeep();
  }

  const Hdf5File& from_;
  Hdf5File* to_;
  Choices* choices_;
  size_t keep_;
};

const std::filesystem::path& SamplePath(size_t kind) {
  static const auto paths = [] {
    std::vector<std::filesystem::path> all;
    for (size_t i = 0; i < kStoreKinds; ++i) {
      all.push_back(ScratchFile("sample" + std::to_string(i) + ".h5", ""));
      WriteSampleFile(i, all.back());
    }
    return all;
  }();
  return paths[kind];
}

void CheckInput(const uint8_t* data, size_t size) {
  Choices choices(data, size);
  const size_t kind = choices.Below(kStoreKinds);
  const bool unchanged = choices.empty();
  const std::filesystem::path path = ScratchFile("changed.h5", "");
  const auto unwritten = RefusalOf([&] {
    const Hdf5File from = Hdf5File::Open(SamplePath(kind));
    Hdf5File to = Hdf5File::Create(path);
    Copier copier(from, &to, &choices);
    copier.Attributes("/");
    copier.Group("/");
    WriteContentDigest(to);
    to.Close();
  });
  if (unwritten) {
    return;  // two objects of one name, say
  }
  const size_t open_files = OpenFiles();
  std::string numbers;
  const auto refusal = RefusalOf([&] { numbers = ReadNumbers(kind, path); });
  Hold(OpenFiles() == open_files, "no file stays open");
  if (refusal) {
    Hold(!unchanged, "a whole file is read");
    Hold(refusal->find(path.string()) != std::string::npos, "an error names the file");
    return;
  }
  Hold(!unchanged || numbers == ReadNumbers(kind, SamplePath(kind)),
       "what is read is what was written");
  const std::filesystem::path again = ScratchFile("again.h5", "");
  if (!RefusalOf([&] { WriteWhatIsRead(kind, path, again); })) {
    Hold(ReadNumbers(kind, again) == numbers, "what was read is written and read as the same");
  }
}

}  // namespace

Corpus MakeCorpus() {
  using std::string_literals::operator""s;
  Corpus corpus;
  for (const char kind : {'\0', '\1', '\2'}) {
    corpus.seeds.emplace_back(1, kind);
    for (int at = 0; at < 100; at += 4) {
      const char keep = static_cast<char>(at);
      corpus.seeds.push_back(""s + kind + keep + static_cast<char>(at / 4 % 8) +
                             "\3\4\1other\ntexts\n\x09\1"s);
    }
  }
  corpus.words = {"\n",           "holds\n",  "differs\n",    "initbias\n",
                  "figure\n",     "run\n",    "text\n",       "mean over seeds\n",
                  "every seed\n", "fig9.A\n", "0000000007\n", "2026-01-02T03:04:05Z\n",
                  "\0"s,          "\xFF"};
  return corpus;
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
