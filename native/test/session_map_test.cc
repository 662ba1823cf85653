#include "session_map.h"

#include <gtest/gtest.h>

#include <numbers>
#include <random>

#include "synthetic.h"

namespace loci {
namespace {

const std::atomic<bool> kNotCancelled = false;

/// Corners on the walls of a room of 6 × 6 × 3 m; each looks like itself wherever it is seen from, but for some bits.
struct Room {
  std::vector<Eigen::Vector3d> points;
  std::vector<Descriptor> looks;
};

Descriptor randomLook(std::mt19937& random) {
  Descriptor look;
  for (uint8_t& byte : look) {
    byte = uint8_t(random());
  }
  return look;
}

Room makeRoom(uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> along(-3, 3), high(0, 3);
  Room room;
  for (int wall = 0; wall < 4; ++wall) {
    for (int i = 0; i < 500; ++i) {
      const double u = along(random), z = high(random), relief = 0.3 * along(random) / 3;
      const double side = (wall % 2 == 0 ? 3 : -3) + relief;
      room.points.push_back(wall < 2 ? Eigen::Vector3d(side, u, z) : Eigen::Vector3d(u, side, z));
      room.looks.push_back(randomLook(random));
    }
  }
  return room;
}

/// worldFromCamera of a camera 1.5 m high that looks level along `angle`.
Se3 standing(double x, double y, double angle) {
  Se3 pose;
  const Eigen::Vector3d ahead(std::cos(angle), std::sin(angle), 0), down(0, 0, -1);
  pose.rotation.col(0) = down.cross(ahead);
  pose.rotation.col(1) = down;
  pose.rotation.col(2) = ahead;
  pose.translation = {x, y, 1.5};
  return pose;
}

/// Round a circle of 1 m, looking outwards, and a little beyond its beginning.
std::vector<Se3> walkRound(int count, double from = 0) {
  std::vector<Se3> poses;
  for (int i = 0; i < count; ++i) {
    const double angle = from + 2 * std::numbers::pi * 1.1 * i / (count - 1);
    poses.push_back(standing(std::cos(angle), std::sin(angle), angle));
  }
  return poses;
}

/// What tracking would hand out: `tracked` is where it believes to be, in its own unit of length. Landmarks keep their
/// ids for as long as they stay in sight; after that they come back under new ones.
std::vector<View> seeRoom(const Room& room, const std::vector<Se3>& truth, const std::vector<Se3>& tracked,
                          double unitsPerMetre, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> pixelNoise(0, 0.3);
  std::uniform_int_distribution<int> bit(0, 255);
  std::vector<int64_t> idOf(room.points.size(), -1);
  int64_t next = 0;
  std::vector<View> views;
  for (size_t i = 0; i < truth.size(); ++i) {
    View view;
    view.ptsMicros = int64_t(i) * 200'000;
    view.camera = test::kCamera;
    view.worldFromCamera = tracked[i];
    view.sceneDepth = 2 * unitsPerMetre;
    const Se3 cameraFromWorld = truth[i].inverse();
    for (size_t p = 0; p < room.points.size(); ++p) {
      const Eigen::Vector3d point = cameraFromWorld * room.points[p];
      if (point.z() < 0.3 || !test::kCamera.contains(test::kCamera.project(point), 5)) {
        idOf[p] = -1;
        continue;
      }
      if (idOf[p] < 0) {
        idOf[p] = next++;
      }
      ViewLandmark landmark;
      landmark.id = idOf[p];
      landmark.pixel = (test::kCamera.project(point) + Eigen::Vector2d(pixelNoise(random), pixelNoise(random))).cast<float>();
      landmark.point = (point * unitsPerMetre).cast<float>();
      landmark.descriptor = room.looks[p];
      for (int flip = 0; flip < 15; ++flip) {
        const int which = bit(random);
        landmark.descriptor[size_t(which / 8)] ^= uint8_t(1 << (which % 8));
      }
      view.landmarks.push_back(landmark);
    }
    std::sort(view.landmarks.begin(), view.landmarks.end(),
              [](const ViewLandmark& a, const ViewLandmark& b) { return a.id < b.id; });
    views.push_back(std::move(view));
  }
  return views;
}

/// Each step turns a little too far: what was a circle does not close.
std::vector<Se3> drifted(const std::vector<Se3>& truth, double turn, double unitsPerMetre = 1) {
  std::vector<Se3> poses;
  for (size_t i = 0; i < truth.size(); ++i) {
    Se3 step = i == 0 ? truth[0] : truth[i - 1].inverse() * truth[i];
    step.translation *= unitsPerMetre;
    poses.push_back(i == 0 ? step : poses.back() * Se3{expSo3({0, turn, 0}), Eigen::Vector3d::Zero()} * step);
  }
  return poses;
}

int tiesIn(const SessionMap& map) {
  int ties = 0;
  for (const MappedView& view : map.views()) {
    ties += int(view.ties.size());
  }
  return ties;
}

TEST(SessionMap, ClosesTheLoopOfAWalkRoundARoom) {
  const std::vector<Se3> truth = walkRound(80), tracked = drifted(truth, 0.002);
  SessionMap map(Units::same);
  for (View& view : seeRoom(makeRoom(1), truth, tracked, 1, 1)) {
    map.add(std::move(view));
  }
  const double before = (tracked.back().translation - truth.back().translation).norm();
  ASSERT_GT(tiesIn(map), 0);
  map.adjust(kNotCancelled);
  EXPECT_GT(before, 0.1);
  for (const MappedView& mapped : map.views()) {
    const Se3& known = truth[size_t(mapped.view.ptsMicros / 200'000)];
    EXPECT_LT((mapped.placed().motion.translation - known.translation).norm(), 0.02) << mapped.view.ptsMicros;
  }
  EXPECT_TRUE(map.apart().empty());
}

TEST(SessionMap, KeepsNoMoreOfAPlaceHoweverOftenItIsSeen) {
  const std::vector<Se3> once = walkRound(40);
  std::vector<Se3> often;
  for (int lap = 0; lap < 3; ++lap) {
    often.insert(often.end(), once.begin(), once.end());
  }
  const auto whole = [&](const std::vector<Se3>& poses) {
    SessionMap map(Units::same);
    int count = 0;
    for (View& view : seeRoom(makeRoom(2), poses, poses, 1, 2)) {
      map.add(std::move(view));
    }
    for (const MappedView& mapped : map.views()) {
      count += !mapped.view.landmarks.empty();
    }
    return count;
  };
  EXPECT_LT(whole(often), whole(once) * 13 / 10);
}

TEST(SessionMap, JoinsWhatWasTrackedApart) {
  const std::vector<Se3> truth = walkRound(80);
  const Se3 elsewhere{expSo3({0, 0, 0.7}), {0.5, -1, 0.1}};
  std::vector<Se3> tracked = truth;
  for (size_t i = 50; i < truth.size(); ++i) {
    tracked[i] = elsewhere * truth[i];
  }
  SessionMap map(Units::same);
  std::vector<View> views = seeRoom(makeRoom(3), truth, tracked, 1, 3);
  for (size_t i = 0; i < views.size(); ++i) {
    views[i].subMap = i < 50 ? 0 : 1;
    for (ViewLandmark& landmark : views[i].landmarks) {
      landmark.id += i < 50 ? 0 : 1'000'000;
    }
    map.add(std::move(views[i]));
  }
  map.adjust(kNotCancelled);
  EXPECT_TRUE(map.apart().empty());
  EXPECT_LT((map.views().back().placed().motion.translation - truth.back().translation).norm(), 0.03);
}

TEST(SessionMap, SaysWhatCouldNotBeJoined) {
  const std::vector<Se3> truth = walkRound(40);
  SessionMap map(Units::same);
  for (View& view : seeRoom(makeRoom(4), truth, truth, 1, 4)) {
    map.add(std::move(view));
  }
  const std::vector<View> foreign = seeRoom(makeRoom(5), truth, truth, 1, 5);
  for (View view : foreign) {
    view.subMap = 1;
    view.ptsMicros += 60'000'000;
    for (ViewLandmark& landmark : view.landmarks) {
      landmark.id += 1'000'000;
    }
    map.add(std::move(view));
  }
  map.adjust(kNotCancelled);
  ASSERT_EQ(map.apart().size(), 1u);
  EXPECT_EQ(map.apart()[0].fromPtsMicros, 60'000'000);
}

TEST(SessionMap, TakesNoNearlyEqualWallForTheOneSeenBefore) {
  // Two ends of a corridor 20 m apart that look alike to the last corner.
  Room twins = makeRoom(6);
  const size_t count = twins.points.size();
  for (size_t i = 0; i < count; ++i) {
    twins.points.push_back(twins.points[i] + Eigen::Vector3d(20, 0, 0));
    twins.looks.push_back(twins.looks[i]);
  }
  std::vector<Se3> truth;
  for (int i = 0; i < 100; ++i) {
    truth.push_back(standing(0.25 * i, 0, std::numbers::pi / 2));
  }
  SessionMap map(Units::same);
  for (View& view : seeRoom(twins, truth, truth, 1, 6)) {
    map.add(std::move(view));
  }
  for (const MappedView& mapped : map.views()) {
    for (const Tie& tie : mapped.ties) {
      const Se3& known = map.views()[size_t(tie.known)].view.worldFromCamera;
      EXPECT_LT((mapped.view.worldFromCamera.translation - known.translation).norm(), 10);
    }
  }
}

TEST(SessionMap, FindsASecondVisitInTheWorldOfTheFirstWithItsScale) {
  const Room room = makeRoom(7);
  const std::vector<Se3> first = walkRound(60), second = walkRound(60, 2);
  const double unitsPerMetre = 1.7;
  // The second visit begins its own world at its first camera and does not know how long a metre is.
  std::vector<Se3> tracked;
  for (const Se3& pose : second) {
    Se3 own = second[0].inverse() * pose;
    own.translation *= unitsPerMetre;
    tracked.push_back(own);
  }
  SessionMap known(Units::same), visit(Units::unknown);
  for (View& view : seeRoom(room, first, first, 1, 7)) {
    known.add(std::move(view));
  }
  for (View& view : seeRoom(room, second, tracked, unitsPerMetre, 8)) {
    visit.add(std::move(view));
  }
  const auto found = visit.locateIn(known, kNotCancelled);
  ASSERT_TRUE(found.has_value());
  EXPECT_NEAR(found->scale, 1 / unitsPerMetre, 0.01);
  EXPECT_LT((found->moved(tracked[30]).translation - second[30].translation).norm(), 0.03);
  EXPECT_LT(rotationAngle(found->moved(tracked[30]).rotation * second[30].rotation.transpose()), 0.01);
}

TEST(SessionMap, DoesNotFindAForeignRoom) {
  const std::vector<Se3> walk = walkRound(40);
  SessionMap known(Units::same), visit(Units::same);
  for (View& view : seeRoom(makeRoom(8), walk, walk, 1, 9)) {
    known.add(std::move(view));
  }
  for (View& view : seeRoom(makeRoom(9), walk, walk, 1, 10)) {
    visit.add(std::move(view));
  }
  EXPECT_FALSE(visit.locateIn(known, kNotCancelled).has_value());
}

TEST(SessionMap, BettersAFocalLengthThatWasGuessedAndLeavesOneThatWasTold) {
  for (const bool isGuess : {true, false}) {
    const std::vector<Se3> truth = walkRound(80);
    SessionMap map(Units::unknown, isGuess);
    for (View& view : seeRoom(makeRoom(1), truth, drifted(truth, 0.001), 1, 1)) {
      // Believed to be 4 % too long: landmarks lie on the lines of sight of that camera.
      view.camera = test::kCamera.zoomed(std::log(1.04));
      for (ViewLandmark& landmark : view.landmarks) {
        landmark.point.head<2>() /= 1.04f;
      }
      map.add(std::move(view));
    }
    map.adjust(kNotCancelled);
    ASSERT_TRUE(map.camera().has_value());
    const double off = map.camera()->fx / test::kCamera.fx - 1;
    if (isGuess) {
      EXPECT_LT(std::abs(off), 0.005);
    } else {
      EXPECT_NEAR(off, 0.04, 1e-9);
    }
  }
}

TEST(SessionMap, LeavesEverythingWhenCancelled) {
  const std::vector<Se3> truth = walkRound(80);
  SessionMap map(Units::same);
  for (View& view : seeRoom(makeRoom(1), truth, drifted(truth, 0.002), 1, 1)) {
    map.add(std::move(view));
  }
  const std::atomic<bool> cancelled = true;
  map.adjust(cancelled);
  EXPECT_FALSE(map.views().back().adjusted);
}

}  // namespace
}  // namespace loci
