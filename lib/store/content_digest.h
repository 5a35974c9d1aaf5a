// What a file of the store holds, as one number: a flipped bit does not go unnoticed.
#ifndef INITBIAS_LIB_STORE_CONTENT_DIGEST_H_
#define INITBIAS_LIB_STORE_CONTENT_DIGEST_H_

#include <string>

#include "lib/store/hdf5_file.h"

namespace initbias {

// SHA-256 of all groups, data sets and attributes, by their names, but /provenance and the digest
// itself (/@digest).
std::string ContentDigest(const Hdf5File& file);

// Writes it as /@digest: the last thing to be written.
void WriteContentDigest(Hdf5File& file);

// Writes a digest of each group and data set to /provenance/digests, so that what is damaged can be
// named.
void WritePartDigests(Hdf5File& file);

bool HasPartDigests(const Hdf5File& file);

// Throws DamagedFile where /@digest says otherwise or is not there, with the first part that was
// changed where the file has digests of its parts.
void CheckContentDigest(const Hdf5File& file);

// The same for a group in /provenance, which the digest above is not over: <group>@digest,
// which older files do not have.
void WriteGroupDigest(const std::string& group, Hdf5File& file);
void CheckGroupDigest(const std::string& group, const Hdf5File& file);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_CONTENT_DIGEST_H_
